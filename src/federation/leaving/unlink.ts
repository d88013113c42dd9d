import type { Configuration } from 'openid-client'
import type { ConnectionCall, UpstreamTokens } from '../../domain/connection.ts'
import { openidClient } from '../openid-client.ts'
import type { Quirks, UnlinkTools } from '../presets/provider-preset.ts'
import { okReply } from '../upstream-fault.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'

const agent = { 'user-agent': 'sumun' }

interface Unlinking {
  call: ConnectionCall
  fetch: UpstreamFetch
  quirks: Quirks
  /** Of userinfo, or of the profile. */
  endpoint: string | undefined
  identity: { subject: string; tokens: UpstreamTokens }
}

/**
 * Ends what the user agreed to: as the provider does it, or by revoking the token (RFC 7009). False if it has
 * no way. Throws UpstreamFault, and the library's errors.
 */
export async function unlinkAt(provider: Configuration, given: Unlinking): Promise<boolean> {
  const { access, refresh } = given.identity.tokens
  const token = refresh ?? access
  if (token === null) return false
  const { quirks, endpoint } = given
  if (quirks.unlink && endpoint !== undefined) {
    await quirks.unlink(unlinkTools(provider, { ...given, endpoint }))
    return true
  }
  if (provider.serverMetadata().revocation_endpoint === undefined) return false
  const { tokenRevocation } = await openidClient()
  await tokenRevocation(provider, token)
  return true
}

function unlinkTools(
  provider: Configuration,
  { call, fetch: upstreamFetch, endpoint, identity }: Unlinking & { endpoint: string },
): UnlinkTools {
  const { access, refresh } = identity.tokens
  return {
    subject: identity.subject,
    clientId: call.connection.clientId,
    secret: call.secret ?? '',
    endpoint,
    async accessToken() {
      const { refreshTokenGrant } = await openidClient()
      return refresh === null ? (access ?? '') : (await refreshTokenGrant(provider, refresh)).access_token
    },
    async send(method, url, { headers, body }) {
      okReply(url, await upstreamFetch(url, { method, headers: { ...agent, ...headers }, body }))
    },
  }
}
