import { escapeHtml } from '../domain/html-escape.ts'
import type { MailLook, Message } from '../domain/message.ts'

/** With the site's name, so that an inbox shows whose it is. */
export const subjectOf = ({ subject }: Message, { siteName }: MailLook): string =>
  subject.includes(siteName) ? subject : `[${siteName}] ${subject}`

/** Plain text, as it goes into a mail's text part. Pure. */
export function asText({ paragraphs, code, link, locale }: Message, look: MailLook): string {
  const [first = '', ...rest] = paragraphs
  const { sentBy, account } = look.words[locale]
  return [
    first,
    ...(code === undefined ? [] : [`    ${code}`]),
    ...(link ? [`${link.label}:\n${link.url}`] : []),
    ...rest,
    `-- \n${sentBy}\n${account}: ${look.accountUrl}`,
  ]
    .join('\n\n')
    .concat('\n')
}

const paragraph = (text: string): string => `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`

const dark = ({ accent }: MailLook): string =>
  `@media (prefers-color-scheme: dark) { .page { background: #121417 !important } .card { background: #1c2024 !important; color: #e7eaee !important } .soft { color: #aab2bc !important } .box { background: #121417 !important } .button { background: ${accent.dark.ground} !important; color: ${accent.dark.ink} !important } }`

/** One narrow card without pictures or scripts, readable in light and dark. Pure. */
export function asHtml(message: Message, look: MailLook): string {
  const { subject, paragraphs, code, link, locale } = message
  const [first = '', ...rest] = paragraphs
  const { sentBy, account } = look.words[locale]
  const { ground, ink } = look.accent.light
  const big =
    code === undefined
      ? ''
      : `<p class="box" style="margin:0 0 16px;padding:12px;border-radius:8px;background:#f3f4f6;text-align:center;font-size:32px;letter-spacing:6px;font-family:ui-monospace,monospace"><strong>${escapeHtml(code)}</strong></p>`
  const button = link
    ? `<p style="margin:0 0 16px"><a class="button" href="${escapeHtml(link.url)}" style="display:block;padding:12px 20px;border-radius:8px;background:${ground};color:${ink};font-weight:600;text-align:center;text-decoration:none">${escapeHtml(link.label)}</a></p>`
    : ''
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title><style>${dark(look)}</style></head>
<body class="page" style="margin:0;padding:24px 12px;background:#f3f4f6;font:16px/1.6 system-ui,sans-serif${locale === 'ko' ? ';word-break:keep-all' : ''}">
<div class="card" style="max-width:480px;margin:0 auto;padding:28px 24px;border-radius:14px;background:#ffffff;color:#1b1f24">
<p style="margin:0 0 20px;font-weight:650">${escapeHtml(look.siteName)}</p>
<h1 style="margin:0 0 12px;font-size:20px;line-height:1.35">${escapeHtml(subject)}</h1>
${paragraph(first)}${big}${button}${rest.map(paragraph).join('')}</div>
<p class="soft" style="max-width:480px;margin:16px auto 0;padding:0 12px;font-size:13px;color:#525a64">${escapeHtml(sentBy)} · <a class="soft" style="color:#525a64" href="${escapeHtml(look.accountUrl)}">${escapeHtml(account)}</a></p>
</body></html>
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
