import { escapeHtml } from '../domain/html-escape.ts'

/** Escaped HTML. Only `html` creates it, so no text reaches a page unescaped. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Html | readonly Html[] | null | undefined | false

/** A template whose values are escaped, wherever they stand. */
export function html(pieces: TemplateStringsArray, ...values: readonly Part[]): Html {
  let text = pieces[0] as string
  for (const [index, value] of values.entries()) text += render(value) + pieces[index + 1]
  return new Html(text)
}

function render(value: Part): string {
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map((item: Html) => item.text).join('')
  return value === null || value === undefined || value === false ? '' : escapeHtml(String(value))
}
