import type { Assurance } from './assurance.ts'
import type { Brand } from './brand.ts'
import { isLoopbackUrl } from './loopback.ts'

/** What a client may do here, beyond what it says of itself. Set by operators, never by the client. */
export interface ClientSettings {
  /** First-party application: no consent is asked, and it may exchange tokens. */
  firstParty: boolean
  /** The least that its users must prove. */
  acr: Assurance | null
  accessTokenSeconds: number | null
  refreshTokenDays: number | null
  /** APIs it may ask tokens for (RFC 8707): identifier → scopes, separated by spaces. */
  resources: Record<string, string>
  /** The brand of pages for users who come from it; null: the server's own. */
  brand: Brand | null
  /** RFC 7636. Waived for a confidential client that cannot send it; a public one always must. */
  pkceRequired: boolean
  /** It receives verified e-mail addresses only. */
  verifiedAddressesOnly: boolean
}

/**
 * An application of the OpenID provider. `metadata` is what it says of itself (OIDC Registration §2), without
 * secrets.
 */
export interface Client {
  id: string
  metadata: Record<string, unknown>
  settings: ClientSettings
  /** Hashes; the newest first. A rotated secret is valid until `expiresAt`. */
  secrets: { hash: string; expiresAt: number | null }[]
  revision: number
  createdAt: number
  updatedAt: number
}

/** Whether it authenticates with a secret (RFC 6749 §2.3.1). */
export const needsSecret = ({
  token_endpoint_auth_method: method = 'client_secret_basic',
}: Client['metadata']): boolean => method === 'client_secret_basic' || method === 'client_secret_post'

export const defaultClientSettings: ClientSettings = {
  firstParty: false,
  acr: null,
  accessTokenSeconds: null,
  refreshTokenDays: null,
  resources: {},
  brand: null,
  pkceRequired: true,
  verifiedAddressesOnly: false,
}

/** RFC 8252 §7.1: a domain name in reverse, which has a dot. */
const privateUseScheme = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/

/**
 * Whether a browser may be sent there with an answer: https, this machine itself, or an application's own
 * scheme (RFC 8252 §7, §8.4).
 */
export function isSafeRedirect(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || `${url.username}${url.password}` !== '' || text.includes('#')) return false
  if (url.protocol === 'https:') return true
  return url.protocol === 'http:' ? isLoopbackUrl(url) : privateUseScheme.test(url.protocol)
}

/** What is wrong with a client's redirect URIs; undefined if nothing is. */
export function redirectFault(metadata: Client['metadata']): string | undefined {
  const named = ['redirect_uris', 'post_logout_redirect_uris'].flatMap((name) => {
    const uris = metadata[name]
    return Array.isArray(uris) ? uris.map((uri) => [name, String(uri)] as const) : []
  })
  const [name, uri] = named.find(([, one]) => !isSafeRedirect(one)) ?? []
  return (
    name &&
    `${name}: ${uri} is neither https, nor this machine (http://127.0.0.1, http://localhost), nor a scheme such as com.example.app:/`
  )
}

/**
 * The identifier of an API as it was registered for a client, however it is spelt in a request: compared as
 * URLs (RFC 8707 §2).
 */
export function registeredResource(
  { resources }: Pick<ClientSettings, 'resources'>,
  asked: string,
): string | undefined {
  if (resources[asked] !== undefined) return asked
  const wanted = URL.parse(asked)?.href
  return wanted === undefined
    ? undefined
    : Object.keys(resources).find((known) => URL.parse(known)?.href === wanted)
}
