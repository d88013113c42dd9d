interface Headers {
  [name: string]: string | string[] | undefined
}

/**
 * Whether another site's page embeds the address, or its script asks for it: this browser's cookies do not
 * come with it, and must not be replaced (CWE-352). Browsers say so (Fetch Metadata §2); of an older one,
 * what stands in a page takes no page. Programs do as they like.
 */
export function isEmbedded(headers: Headers): boolean {
  const site = headers['sec-fetch-site']
  if (site === 'cross-site' || site === 'same-site') return !isNavigating(headers)
  if (site !== undefined) return false
  return headers.accept !== undefined && !takesPages(headers) && isBrowser(headers)
}

/**
 * A person looks at the reply, and no program or script (Fetch Metadata §2.1). Browsers say nothing of it to
 * a site that is not on https.
 */
export const isForPeople = (headers: Headers): boolean =>
  headers['sec-fetch-dest'] === undefined
    ? takesPages(headers) && isBrowser(headers)
    : headers['sec-fetch-dest'] === 'document' && takesPages(headers)

const takesPages = ({ accept }: Headers): boolean => accept?.includes('text/html') === true
const isBrowser = ({ 'user-agent': agent = '' }: Headers): boolean => /^mozilla\//i.test(String(agent))

/**
 * A top-level navigation: the user follows a link or a redirect, and sees the reply (Fetch Metadata §2.2,
 * §2.3).
 */
export const isNavigating = (headers: Headers): boolean =>
  headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
