import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text as textOf } from 'node:stream/consumers'

interface Cookie {
  name: string
  value: string
  path: string
}

export interface Page {
  url: string
  status: number
  headers: Headers
  text: string
}

/**
 * A browser without script: cookies, redirects, meta refresh, and forms. It stops where another site begins.
 */
export interface PageBrowser {
  open(url: string): Promise<Page>
  /**
   * Fills in the first form of the page that has all those fields, or leads to `action`, and presses its
   * button.
   */
  submit(page: Page, fields: Record<string, string>, action?: string): Promise<Page>
  cookies(): readonly Cookie[]
}

export function openPageBrowser(home: string): PageBrowser {
  let jar: Cookie[] = []
  const origin = new URL(home).origin

  function keep(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/;\s*/)
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/'
      const isOver =
        attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=thu, 01 jan 1970/i.test(one)) ||
        value === ''
      jar = jar.filter((one) => one.name !== name || one.path !== path)
      if (!isOver) jar.push({ name, value, path })
    }
  }

  async function load(url: string, form?: URLSearchParams, site = 'cross-site'): Promise<Page> {
    const { pathname } = new URL(url)
    const cookies = jar.filter(
      ({ path }) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`),
    )
    const response = await send(url, form?.toString(), {
      accept: 'text/html,application/xhtml+xml',
      'sec-fetch-site': site,
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      ...(cookies.length > 0 && { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') }),
      ...(form && { origin, 'content-type': 'application/x-www-form-urlencoded' }),
    })
    keep(response.headers)
    return { url, ...response }
  }

  async function follow(first: Page): Promise<Page> {
    let page = first
    for (let hops = 0; hops < 12; hops++) {
      const next =
        page.headers.get('location') ??
        /<meta http-equiv="refresh" content="0; url=([^"]*)"/.exec(page.text)?.[1]
      if (next === undefined || next === null) return page
      const url = new URL(decodeEntities(next), page.url)
      if (url.origin !== origin) return { ...page, url: url.href }
      page = await load(url.href)
    }
    throw new Error(`went round in circles, last at ${page.url}`)
  }

  return {
    open: async (url) => follow(await load(url)),
    cookies: () => jar,
    async submit(page, fields, action) {
      const form = formsOf(page).find(
        (one) =>
          Object.keys(fields).every((name) => one.names.has(name)) &&
          (action === undefined || one.action === action),
      )
      assert.ok(
        form,
        `no form with ${Object.keys(fields)} on ${page.status} ${page.url}: ${page.text.slice(page.text.indexOf('<main>'))}`,
      )
      const values = new URLSearchParams({ ...form.hidden, ...fields })
      return follow(await load(new URL(form.action, page.url).href, values, 'same-origin'))
    },
  }
}

/** Not fetch, which says of itself what a page's script would. */
export async function send(
  url: string,
  body: string | undefined,
  headers: Record<string, string>,
): Promise<Omit<Page, 'url'>> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: body === undefined ? 'GET' : 'POST', headers, agent: false },
      async (response) => {
        const received = new Headers()
        for (const [name, values] of Object.entries(response.headersDistinct))
          for (const value of values ?? []) received.append(name, value)
        resolve({ status: response.statusCode ?? 0, headers: received, text: await textOf(response) })
      },
    )
    sent.on('error', reject).end(body)
  })
}

const decodeEntities = (text: string): string =>
  text
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')

function formsOf({ text }: Page): { action: string; hidden: Record<string, string>; names: Set<string> }[] {
  return [...text.matchAll(/<form\b[^>]*\baction="([^"]*)"[^>]*>(.*?)<\/form>/gs)].map(
    ([, action = '', inside = '']) => {
      const tags = [...inside.matchAll(/<(input|button|textarea)\b([^>]*)>/g)].map(
        ([, , attributes = '']) => attributes,
      )
      const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]
      const hidden = tags
        .filter((tag) => attribute(tag, 'type') === 'hidden')
        .map((tag) => [attribute(tag, 'name') as string, decodeEntities(attribute(tag, 'value') ?? '')])
      return {
        action: decodeEntities(action),
        hidden: Object.fromEntries(hidden),
        names: new Set(tags.map((tag) => attribute(tag, 'name')).filter((name) => name !== undefined)),
      }
    },
  )
}
