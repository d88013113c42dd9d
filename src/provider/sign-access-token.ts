import type { AccessTokenClaims } from '../crypto/access-token.ts'
import { toNumericDate } from '../domain/clock.ts'
import type { Engine } from '../engine/engine.ts'
import { statusClaim } from '../engine/sessions/issue-tokens.ts'

const jtiBytes = 16

/** The token's authentication claims, and its session or grant. */
export type Authentication = Pick<
  AccessTokenClaims,
  'acr' | 'amr' | 'auth_time' | 'sid' | 'status' | 'act' | 'org_id' | 'org_roles'
>

/**
 * The same claims, key and status as any other access token of this server (RFC 9068). A token without
 * session or grant has its own status index.
 */
export async function signAccessToken(
  engine: Engine,
  given: Pick<AccessTokenClaims, 'sub' | 'client_id' | 'claims' | 'cnf'> & {
    audience: string | undefined
    scope: string | undefined
    seconds: number
    authentication: Authentication
  },
): Promise<string> {
  const { issuer, audience } = engine.settings
  const { sub, client_id, claims, cnf, authentication } = given
  const iat = toNumericDate(engine.clock.now())
  return engine.keyRing.sign({
    iss: issuer,
    sub,
    aud: given.audience ?? audience,
    exp: iat + given.seconds,
    iat,
    jti: engine.random.bytes(jtiBytes).toString('base64url'),
    client_id,
    scope: given.scope ?? '',
    ...authentication,
    ...(claims && { claims }),
    ...(cnf && { cnf }),
    ...(!authentication.status && statusClaim(issuer, await engine.statuses.next('token'))),
  })
}
