import { colours, fonts, radius, space, type } from '../domain/design.ts'
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

const { light, dark } = colours
const pixels = (...lengths: number[]): string =>
  lengths.map((length) => (length === 0 ? '0' : `${length}px`)).join(' ')
const below = `margin:${pixels(0, 0, space.l)}` // mail programs know neither variables nor rem
const width = 'max-width:480px'

const paragraph = (text: string): string => `<p style="${below}">${escapeHtml(text)}</p>`

const darkRules = ({ accent }: MailLook): string =>
  `@media (prefers-color-scheme: dark) { .page { background: ${dark.paper} !important } .card { background: ${dark.card} !important; color: ${dark.ink} !important } .soft { color: ${dark.soft} !important } .box { background: ${dark.paper} !important } .button { background: ${accent.dark.ground} !important; color: ${accent.dark.ink} !important } }`

/** One narrow card without pictures or scripts, readable in light and dark. Pure. */
export function asHtml(message: Message, look: MailLook): string {
  const { subject, paragraphs, code, link, locale } = message
  const [first = '', ...rest] = paragraphs
  const { sentBy, account } = look.words[locale]
  const { ground, ink } = look.accent.light
  const big =
    code === undefined
      ? ''
      : `<p class="box" style="${below};padding:${pixels(space.m)};border-radius:${pixels(radius.control)};background:${light.paper};text-align:center;font-size:${pixels(type.display)};letter-spacing:6px;font-family:${fonts.code}"><strong>${escapeHtml(code)}</strong></p>`
  const button = link
    ? `<p style="${below}"><a class="button" href="${escapeHtml(link.url)}" style="display:block;padding:${pixels(space.m)};border-radius:${pixels(radius.control)};background:${ground};color:${ink};font-weight:600;text-align:center;text-decoration:none">${escapeHtml(link.label)}</a></p>`
    : ''
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title><style>${darkRules(look)}</style></head>
<body class="page" style="margin:0;padding:${pixels(space.xl, space.m)};background:${light.paper};font:${pixels(type.body)}/1.6 system-ui,sans-serif${locale === 'ko' ? ';word-break:keep-all' : ''}">
<div role="main">
<div class="card" style="${width};margin:0 auto;padding:${pixels(space.xxl, space.xl)};border-radius:${pixels(radius.card)};background:${light.card};color:${light.ink}">
<p style="${below};font-weight:650">${escapeHtml(look.siteName)}</p>
<h1 style="margin:${pixels(0, 0, space.m)};font-size:${pixels(type.large)};line-height:1.35">${escapeHtml(subject)}</h1>
${paragraph(first)}${big}${button}${rest.map(paragraph).join('')}</div>
<p class="soft" style="${width};margin:${pixels(space.l)} auto 0;padding:${pixels(0, space.m)};font-size:${pixels(type.tiny)};color:${light.soft}">${escapeHtml(sentBy)} · <a class="soft" style="color:${light.soft}" href="${escapeHtml(look.accountUrl)}">${escapeHtml(account)}</a></p>
</div></body></html>
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
