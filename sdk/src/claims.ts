export type Assurance = 'aal1' | 'aal2' | 'aal3'

/** RFC 9068 §2.2, and what Sumun adds. Times are seconds since the epoch. */
export interface AccessTokenClaims {
  iss: string
  /** The account, or the client of a client-credentials token. */
  sub: string
  aud: string
  exp: number
  iat: number
  jti: string
  client_id: string
  /** Separated by spaces. */
  scope: string
  auth_time?: number
  acr?: Assurance
  amr?: string[]
  sid?: string
  status?: { status_list: { idx: number; uri: string } }
  cnf?: { jkt: string }
  act?: { sub: string }
}

/** Undefined if the payload is not that of an access token. */
export function readClaims(payload: Buffer): AccessTokenClaims | undefined {
  let claims: Record<string, unknown>
  try {
    claims = JSON.parse(payload.toString('utf8'))
  } catch {
    return undefined
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return undefined
  const { iss, sub, aud, exp, iat, jti, client_id: clientId, scope, status, cnf } = claims
  const isComplete =
    [iss, sub, aud, jti, clientId, scope].every((value) => typeof value === 'string') &&
    isTime(exp) &&
    isTime(iat)
  const isSound =
    (status === undefined || isStatus(status)) &&
    (cnf === undefined || typeof (cnf as { jkt?: unknown })?.jkt === 'string')
  return isComplete && isSound ? (claims as unknown as AccessTokenClaims) : undefined
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

function isStatus(value: unknown): boolean {
  const list = (value as { status_list?: { idx?: unknown; uri?: unknown } } | null)?.status_list
  return Number.isInteger(list?.idx) && (list?.idx as number) >= 0 && typeof list?.uri === 'string'
}
