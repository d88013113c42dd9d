import type { Assurance } from './assurance.ts'
import type { Brand } from './brand.ts'

/** What a client may do here, beyond what it says of itself. Set by operators, never by the client. */
export interface ClientSettings {
  /** Our own application: nobody is asked for consent, and it may exchange tokens. */
  firstParty: boolean
  /** The least that its users must prove. */
  acr: Assurance | null
  accessTokenSeconds: number | null
  refreshTokenDays: number | null
  /** APIs it may ask tokens for (RFC 8707): identifier → scopes, separated by spaces. */
  resources: Record<string, string>
  /** How pages look to whoever comes from it; null where as everywhere else. */
  brand: Brand | null
}

/** An application of the OpenID provider. `metadata` is what it says of itself (OIDC Registration §2), without secrets. */
export interface Client {
  id: string
  metadata: Record<string, unknown>
  settings: ClientSettings
  /** Hashes; the newest first. One that was rotated out is good until `expiresAt`. */
  secrets: { hash: string; expiresAt: number | null }[]
  revision: number
  createdAt: number
  updatedAt: number
}

/** Whether it shows who it is by a secret (RFC 6749 §2.3.1). */
export const needsSecret = ({ token_endpoint_auth_method: method = 'client_secret_basic' }: Client['metadata']): boolean =>
  method === 'client_secret_basic' || method === 'client_secret_post'

export const defaultClientSettings: ClientSettings = {
  firstParty: false,
  acr: null,
  accessTokenSeconds: null,
  refreshTokenDays: null,
  resources: {},
  brand: null,
}
