import { escapeHtml } from '../domain/html-escape.ts'
import type { Message } from '../domain/message.ts'

/** Plain text, as it goes into a mail's text part. Pure. */
export function asText({ paragraphs, code, link }: Message): string {
  const [first = '', ...rest] = paragraphs
  return [
    first,
    ...(code === undefined ? [] : [`    ${code}`]),
    ...(link ? [`${link.label}:\n${link.url}`] : []),
    ...rest,
  ]
    .join('\n\n')
    .concat('\n')
}

const paragraph = (text: string): string => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`

/** One narrow column without pictures or scripts, readable in light and dark. Pure. */
export function asHtml({ subject, paragraphs, code, link, locale }: Message): string {
  const [first = '', ...rest] = paragraphs
  const big =
    code === undefined
      ? ''
      : `<p style="margin:0 0 16px;font-size:32px;letter-spacing:4px;font-family:ui-monospace,monospace"><strong>${escapeHtml(code)}</strong></p>`
  const button = link
    ? `<p style="margin:0 0 16px"><a href="${escapeHtml(link.url)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1d4ed8;color:#ffffff;text-decoration:none">${escapeHtml(link.label)}</a></p>`
    : ''
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif"><div style="max-width:480px;margin:0 auto">
${paragraph(first)}${big}${button}${rest.map(paragraph).join('')}</div></body></html>
`
}

/**
 * A text message; the last line lets a phone's browser fill the code in for this site only (WebOTP). Pure.
 */
export function asSms({ subject, paragraphs, code, link }: Message, host: string): string {
  const lines = [
    code === undefined ? subject : `${subject}: ${code}`,
    ...paragraphs,
    ...(link ? [link.url] : []),
  ]
  return code === undefined ? lines.join('\n') : `${lines.join('\n')}\n\n@${host} #${code}`
}
