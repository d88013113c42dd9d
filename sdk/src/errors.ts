/**
 * Why a token was not accepted. The first group is the caller's fault (401 or 403), the last ours or the
 * issuer's (503).
 */
export type TokenFault =
  | 'missing'
  | 'malformed'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not_yet_valid'
  | 'revoked'
  | 'proof'
  | 'insufficient_scope'
  | 'insufficient_user_authentication'
  | 'issuer_unavailable'

/** A token was refused. `code` is for programs; do not show it to users. */
export class TokenError extends Error {
  readonly code: TokenFault
  /** The requirement: `scope`, `acr_values`, `max_age` (RFC 6750 §3, RFC 9470 §3). */
  readonly wanted: Readonly<Record<string, string>>

  constructor(code: TokenFault, wanted: Readonly<Record<string, string>> = {}, options?: ErrorOptions) {
    super(`the access token was not accepted: ${code}`, options)
    this.name = 'TokenError'
    this.code = code
    this.wanted = wanted
  }

  /** The status that an API answers with. */
  get status(): 401 | 403 | 503 {
    if (this.code === 'insufficient_scope') return 403
    return this.code === 'issuer_unavailable' ? 503 : 401
  }
}
