import type { Configuration } from 'openid-client'
import { type Connection, UpstreamFault } from '../../domain/connection.ts'
import type { Exchanged } from '../code-kind.ts'
import { openidClient } from '../openid-client.ts'
import type { UpstreamClaims } from '../presets/provider-preset.ts'
import { profileTools } from '../profile.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import type { OidcSettings } from './oidc-settings.ts'

/**
 * Of the ID token, which the library verified: signature, issuer, audience, nonce, times (OIDC Core
 * §3.1.3.7); and what it lacks. Throws UpstreamFault, and the library's errors.
 */
export async function oidcClaims(
  { provider, tokens, call, answer, quirks }: Exchanged,
  fetch: UpstreamFetch,
): Promise<UpstreamClaims & { iss: string }> {
  const claims = tokens.claims()
  if (!claims) throw new UpstreamFault('invalid', 'there is no ID token')
  const accessToken = tokens.access_token
  const endpoint = provider.serverMetadata().userinfo_endpoint
  const known = { claims, accessToken, endpoint }
  const further = quirks.profile
    ? await quirks.profile(profileTools(provider, { ...known, call, fetch, unsigned: answer.user }))
    : await userinfoOf(provider, { ...known, connection: call.connection })
  // Another user's profile (token substitution, OIDC Core §5.3.2).
  if (further.sub !== undefined && further.sub !== claims.sub)
    throw new UpstreamFault('invalid', 'the profile is of another subject')
  const { iss, sub, amr } = claims
  // An ID token's subject is a text (§2).
  return { ...claims, ...further, iss, sub: String(sub), amr }
}

/** What the scope asks for and the ID token lacks (OIDC Core §5.4). An address comes with its own flag. */
async function userinfoOf(
  provider: Configuration,
  {
    claims,
    accessToken,
    endpoint,
    connection: { settings },
  }: {
    claims: UpstreamClaims
    accessToken: string
    endpoint: string | undefined
    connection: Connection
  },
): Promise<UpstreamClaims> {
  const scopes = (settings as OidcSettings).scope.split(' ')
  const lacksAddress = scopes.includes('email') && claims.email === undefined
  const lacksName = scopes.includes('profile') && claims.name === undefined
  if (endpoint === undefined || !(lacksAddress || lacksName)) return {}
  const { fetchUserInfo } = await openidClient()
  const { name, email, email_verified } = await fetchUserInfo(provider, accessToken, String(claims.sub))
  return { ...(lacksName && { name }), ...(lacksAddress && { email, email_verified }) }
}
