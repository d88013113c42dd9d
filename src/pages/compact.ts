import { remembered } from '../domain/remembered.ts'

const scriptsMax = 50 // one for each set of methods that a page offers

/** A style sheet without the spaces that only its readers need. No selector has a space before a colon. */
export const compactStyle = (style: string): string => style.trim().replaceAll(/\s*([{};:,>])\s*/g, '$1')

/** A script without comments, indentation, and what the removal of types left. */
export const compactScript = remembered(scriptsMax, (script) =>
  script
    .replaceAll(/^\s*\/\/.*$/gm, '')
    .replaceAll(/ \/\/ .*$/gm, '')
    .replaceAll(/[ \t]{2,}/g, ' ')
    .replaceAll(/\n\s*/g, '\n')
    .replaceAll(/([{([,]|=>)\n/g, '$1')
    .replaceAll(/\n([})\]])/g, '$1'),
)
