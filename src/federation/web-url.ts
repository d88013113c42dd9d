import { UpstreamFault } from '../domain/connection.ts'
import { isLoopbackUrl } from '../domain/loopback.ts'

/** The document is the provider's: a browser is only sent to the web. Throws UpstreamFault. */
export function webUrl(url: URL, what: string): string {
  if (url.protocol !== 'https:' && !isLoopbackUrl(url))
    throw new UpstreamFault('misconfigured', `${what} is ${url.protocol}`)
  return url.href
}
