import type { Configuration } from 'openid-client'
import type { ConnectionCall } from '../../domain/connection.ts'
import { openidClient } from '../openid-client.ts'
import type { Quirks } from '../presets/provider-preset.ts'
import { webUrl } from '../web-url.ts'
import { leavingOf } from './leaving-settings.ts'

/**
 * Where the browser signs out at the provider (OpenID Connect RP-Initiated Logout 1.0 §2). Undefined if the
 * connection does not, or the provider has no page for it. Throws UpstreamFault.
 */
export async function signOutUrlOf(
  { connection }: ConnectionCall,
  {
    provider,
    quirks,
    idToken,
    returnUrl,
  }: {
    provider(): Promise<Configuration>
    quirks: Quirks
    idToken: string | null
    returnUrl: string
  },
): Promise<string | undefined> {
  if (!leavingOf(connection).sign_out) return undefined
  const { clientId, settings } = connection
  if (quirks.signOutUrl)
    return webUrl(quirks.signOutUrl({ issuer: String(settings.issuer), clientId, returnUrl }), 'sign-out')
  const found = await provider()
  if (found.serverMetadata().end_session_endpoint === undefined) return undefined
  const { buildEndSessionUrl } = await openidClient()
  const url = buildEndSessionUrl(found, {
    post_logout_redirect_uri: returnUrl,
    ...(idToken !== null && { id_token_hint: idToken }),
  })
  return webUrl(url, 'end_session_endpoint')
}
