const knownMax = 50
const known = new Map<string, string>()

/** Computed once: there are few style sheets and scripts. */
function once(text: string, make: (text: string) => string): string {
  const made = known.get(text) ?? make(text)
  if (known.size < knownMax) known.set(text, made)
  return made
}

/** A style sheet without the spaces that only its readers need. No selector has a space before a colon. */
export const compactStyle = (style: string): string =>
  once(style, (text) => text.trim().replaceAll(/\s*([{};:,>])\s*/g, '$1'))

/** A script without comments, indentation, and what the removal of types left. */
export const compactScript = (script: string): string =>
  once(script, (text) =>
    text
      .replaceAll(/^\s*\/\/.*$/gm, '')
      .replaceAll(/ \/\/ .*$/gm, '')
      .replaceAll(/[ \t]{2,}/g, ' ')
      .replaceAll(/\n\s*/g, '\n')
      .replaceAll(/([{([,]|=>)\n/g, '$1')
      .replaceAll(/\n([})\]])/g, '$1'),
  )
