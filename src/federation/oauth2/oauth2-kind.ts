import type { Configuration } from 'openid-client'
import type {
  ConnectionCall,
  ConnectionKind,
  UpstreamAnswer,
  UpstreamIdentity,
} from '../../domain/connection.ts'
import { isLoopbackUrl } from '../../domain/loopback.ts'
import { clientAuthentication } from '../client-authentication.ts'
import { createClients } from '../clients.ts'
import { beginCodeFlow, type CodeMemory, exchangeCode } from '../code-flow.ts'
import { conforming } from '../conforming-fetch.ts'
import { openidClient } from '../openid-client.ts'
import { quirksOf } from '../presets/index.ts'
import type { UpstreamClaims } from '../presets/provider-preset.ts'
import { identityOf, profileTools } from '../profile.ts'
import { checkClient, checkRedirect, fault } from '../test-client.ts'
import { errorFault, faultOf } from '../upstream-fault.ts'
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
    async authorize(call, wish) {
      const provider = await clients(call).catch(rethrow)
      const { scope } = settingsOf(call)
      return beginCodeFlow(provider, {
        call,
        wish,
        scope,
        quirks: quirksOf(call.connection.preset),
        isOidc: false,
      })
    },
    async identify(call, answer, memory) {
      if (answer.error !== undefined) throw errorFault(answer.error)
      const provider = await clients(call).catch(rethrow)
      return identify(provider, { call, answer, fetch, memory: memory as CodeMemory }).catch(rethrow)
    },
  }
}

const settingsOf = ({ connection }: Pick<ConnectionCall, 'connection'>): OAuth2Settings =>
  connection.settings as OAuth2Settings

async function providerOf(call: ConnectionCall, fetch: UpstreamFetch): Promise<Configuration> {
  const settings = settingsOf(call)
  const library = await openidClient()
  const { issuer, authorization_endpoint, token_endpoint } = settings
  const provider = new library.Configuration(
    { issuer, authorization_endpoint, token_endpoint },
    call.connection.clientId,
    {},
    await clientAuthentication(call, settings),
  )
  provider[library.customFetch] = conforming(fetch, quirksOf(call.connection.preset)) as never
  provider.timeout = requestSeconds
  if (isLoopbackUrl(new URL(token_endpoint))) library.allowInsecureRequests(provider)
  return provider
}

async function identify(
  provider: Configuration,
  given: { call: ConnectionCall; answer: UpstreamAnswer; memory: CodeMemory; fetch: UpstreamFetch },
): Promise<UpstreamIdentity> {
  const { call, fetch, answer } = given
  const { connection } = call
  const quirks = quirksOf(connection.preset)
  const { access_token: accessToken } = await exchangeCode(provider, { ...given, quirks, isOidc: false })
  const { issuer, profile_endpoint: endpoint } = settingsOf(call)
  const tools = profileTools(provider, {
    ...{ call, fetch, accessToken, endpoint },
    ...{ claims: {}, unsigned: answer.user },
  })
  const claims = quirks.profile
    ? await quirks.profile(tools)
    : claimsIn(settingsOf(call), await tools.fetchJson(endpoint))
  return identityOf(connection, quirks, { ...claims, iss: issuer })
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

const rethrow = (error: unknown): never => {
  throw faultOf(error)
}
