/** Derived from the issuer, the server's public address, such as `https://example.com/id`. */
export interface Site {
  isHttps: boolean
  origin: string
  host: string
  /** With its colon. */
  protocol: string
  /** Before every path, where the issuer has one: `/id`; otherwise empty. */
  base: string
  /** The path of cookies, so that other applications on the host do not receive them. */
  cookiePath: string
  /**
   * `__Host-` keeps a sibling domain from planting one; browsers take it on https, and for the whole host
   * only. `__Secure-` otherwise (RFC 6265bis §4.1.3).
   */
  cookiePrefix: '__Host-' | '__Secure-' | ''
}

const thisMachine = ['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost']

/**
 * Where a server that was given no issuer is reached: by the name of this machine, since no passkey can be
 * made for an IP address (WebAuthn Level 3 §5.1.2).
 */
export const localUrl = (host: string, port: number): string =>
  `http://${thisMachine.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`

let known: { issuer: string; site: Site } | undefined

/** Computed once: there is one issuer. */
export function siteOf(issuer: string): Site {
  if (known?.issuer !== issuer) known = { issuer, site: read(issuer) }
  return known.site
}

function read(issuer: string): Site {
  const { protocol, origin, host, pathname } = new URL(issuer)
  const isHttps = protocol === 'https:'
  const base = pathname.replace(/\/$/, '')
  return {
    isHttps,
    origin,
    host,
    protocol,
    base,
    cookiePath: base || '/',
    cookiePrefix: isHttps ? (base === '' ? '__Host-' : '__Secure-') : '',
  }
}

/**
 * The path as routes know it. A reverse proxy may keep or strip the issuer's path; metadata requests have it
 * as a suffix (RFC 8414 §3.1).
 */
export function routedPath({ base }: Pick<Site, 'base'>, url: string): string {
  if (base === '') return url
  const [path = '', query] = splitOnce(url)
  const behind = /^(\/\.well-known\/(?:oauth-authorization-server|openid-configuration))(\/.*)$/.exec(path)
  const routed =
    behind?.[2] === base
      ? (behind[1] as string)
      : path === base
        ? '/'
        : path.startsWith(`${base}/`)
          ? path.slice(base.length)
          : path
  return query === undefined ? routed : `${routed}?${query}`
}

function splitOnce(url: string): [string, string?] {
  const at = url.indexOf('?')
  return at === -1 ? [url] : [url.slice(0, at), url.slice(at + 1)]
}
