import type { Configuration } from 'openid-client'
import type { ConnectionCall, ConnectionKind } from '../../domain/connection.ts'
import { isLoopbackUrl } from '../../domain/loopback.ts'
import { clientAuthentication } from '../client-authentication.ts'
import { createClients } from '../clients.ts'
import { createCodeKind, type Exchanged } from '../code-kind.ts'
import { conforming } from '../conforming-fetch.ts'
import { openidClient } from '../openid-client.ts'
import { quirksOf } from '../presets/index.ts'
import type { UpstreamClaims } from '../presets/provider-preset.ts'
import { profileTools } from '../profile.ts'
import { checkClient, checkRedirect, fault } from '../test-client.ts'
import type { UpstreamFetch } from '../upstream-fetch.ts'
import { type OAuth2Settings, oauth2Settings } from './oauth2-settings.ts'

const requestSeconds = 10

/** OAuth 2.0, with a profile that is read by the access token. */
export function createOAuth2Kind(fetch: UpstreamFetch): ConnectionKind {
  const clients = createClients((call) => providerOf(call, fetch))
  return {
    id: 'oauth2',
    settings: oauth2Settings,
    async test(call) {
      const { scope } = settingsOf(call)
      const provider = await providerOf(call, fetch).catch((error: Error) => error)
      if (provider instanceof Error)
        return [
          fault('client', `the private key cannot be read: ${provider.message}`, 'set it in PEM (PKCS #8)'),
        ]
      return [await checkRedirect(provider, { call, scope, fetch }), await checkClient(provider, call)]
    },
    ...createCodeKind({
      clients,
      fetch,
      isOidc: false,
      claimsOf: (exchanged) => claimsOf(exchanged, fetch),
      endpointOf: (call) => settingsOf(call).profile_endpoint,
    }),
  }
}

const settingsOf = ({ connection }: Pick<ConnectionCall, 'connection'>): OAuth2Settings =>
  connection.settings as OAuth2Settings

async function providerOf(call: ConnectionCall, fetch: UpstreamFetch): Promise<Configuration> {
  const settings = settingsOf(call)
  const library = await openidClient()
  const { issuer, authorization_endpoint, token_endpoint, revocation_endpoint } = settings
  const provider = new library.Configuration(
    { issuer, authorization_endpoint, token_endpoint, ...(revocation_endpoint && { revocation_endpoint }) },
    call.connection.clientId,
    {},
    await clientAuthentication(call, settings),
  )
  provider[library.customFetch] = conforming(fetch, quirksOf(call.connection.preset)) as never
  provider.timeout = requestSeconds
  if (isLoopbackUrl(new URL(token_endpoint))) library.allowInsecureRequests(provider)
  return provider
}

/** Of the profile that the access token opens. */
async function claimsOf(
  { provider, tokens, call, answer, quirks }: Exchanged,
  fetch: UpstreamFetch,
): Promise<UpstreamClaims & { iss: string }> {
  const settings = settingsOf(call)
  const { issuer: iss, profile_endpoint: endpoint } = settings
  const tools = profileTools(provider, {
    ...{ call, fetch, accessToken: tokens.access_token, endpoint },
    ...{ claims: {}, unsigned: answer.user },
  })
  const claims = quirks.profile
    ? await quirks.profile(tools)
    : claimsIn(settings, await tools.fetchJson(endpoint))
  return { ...claims, iss }
}

/** By the pointers of the settings. */
const claimsIn = (settings: OAuth2Settings, profile: unknown): UpstreamClaims => ({
  sub: valueAt(profile, settings.subject),
  email: valueAt(profile, settings.email),
  email_verified: valueAt(profile, settings.email_verified),
  name: valueAt(profile, settings.name),
})

/** RFC 6901; of own members only. */
function valueAt(json: unknown, pointer: string | undefined): unknown {
  if (pointer === undefined) return undefined
  let value = json
  for (const part of pointer.slice(1).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}
