import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { escapeHtml } from '../../src/domain/html-escape.ts'
import { type Locale, languages, locales } from '../../src/domain/locale.ts'
import { remembered } from '../../src/domain/remembered.ts'
import { renderPage } from '../../src/pages/layout.ts'
import { accountStates, setUpStates } from './account-states.ts'
import { applicationStates } from './application-states.ts'
import { componentStates } from './components.ts'
import { mailsIn } from './mails.ts'
import { organisationStates } from './organisation-states.ts'
import { siteOf } from './samples.ts'
import { signInStates, signUpStates } from './sign-in-states.ts'
import type { StatesIn } from './state.ts'

/** By subject. */
const subjects: Readonly<Record<string, StatesIn>> = {
  components: componentStates,
  'sign-in': signInStates,
  'sign-up': signUpStates,
  account: accountStates,
  'set-up': setUpStates,
  application: applicationStates,
  organisation: organisationStates,
}

/** Every page in every state and every mail: `SUBJECT/NAME` → the document. */
export const documentsIn: (locale: Locale) => ReadonlyMap<string, string> = remembered(
  locales.length,
  (locale) => makeDocuments(locale as Locale),
)

function makeDocuments(locale: Locale): Map<string, string> {
  const pages = Object.entries(subjects).flatMap(([subject, statesIn]) =>
    Object.entries(statesIn(locale)).map(([name, content]): [string, string] => [
      `${subject}/${name}`,
      renderPage(content, {
        ...{ siteName: siteOf(locale), brand: {}, locale, path: '/signin', base: '', zone: 'Asia/Seoul' },
        ...{ zoneCookie: 'zone={zone}', nonce: 'gallery' },
      }),
    ]),
  )
  const mails = Object.entries(mailsIn(locale)).flatMap(([name, { html, text }]): [string, string][] => [
    [`mail/${name}`, html],
    [
      `mail/${name}.text`,
      `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${name}</title></head><body><main style="overflow-wrap:anywhere"><h1>${name}</h1><p style="white-space:pre-wrap">${escapeHtml(text)}</p></main></body></html>`,
    ],
  ])
  return new Map([...pages, ...mails])
}

/** Serves them on a free port of loopback, with one page that shows all. */
export async function serveGallery(port = 0): Promise<{ url: string; server: Server }> {
  const server = createServer(({ url = '/' }, reply) => answer(new URL(url, 'http://localhost'), reply))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, server }
}

function answer({ pathname, searchParams }: URL, reply: ServerResponse): void {
  const locale = locales.find((one) => one === searchParams.get('locale')) ?? 'ko'
  const found =
    pathname === '/'
      ? overview(locale, searchParams.get('theme') ?? 'light')
      : documentsIn(locale).get(pathname.slice(1))
  reply.writeHead(found === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' })
  reply.end(found ?? 'There is no such state')
}

function overview(locale: Locale, theme: string): string {
  const links = [
    ...Object.entries(languages).map(([one, name]) => `<a href="/?locale=${one}&theme=${theme}">${name}</a>`),
    ...['light', 'dark'].map((one) => `<a href="/?locale=${locale}&theme=${one}">${one}</a>`),
  ]
  const frames = [...documentsIn(locale).keys()].map(
    (name) =>
      `<figure><figcaption><a href="/${name}?locale=${locale}">${name}</a></figcaption><iframe title="${name}" loading="lazy" src="/${name}?locale=${locale}"></iframe></figure>`,
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Gallery</title><style>
body { font: 14px system-ui, sans-serif; margin: 16px } nav { display: flex; gap: 12px; margin-bottom: 16px }
main { display: flex; flex-wrap: wrap; gap: 16px } figure { margin: 0 } iframe { width: 360px; height: 640px; border: 1px solid #8888; color-scheme: ${theme === 'dark' ? 'dark' : 'light'} }
</style></head><body><h1>Gallery</h1><nav>${links.join('')}</nav><main>${frames.join('\n')}</main></body></html>`
}
