import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { registeredResource } from '../domain/client.ts'
import { newClientId } from '../domain/id.ts'
import { newClientSecret } from '../engine/clients/clients.ts'
import type { Engine } from '../engine/engine.ts'
import { ordinaryScopes } from './client-metadata.ts'
import type { ProviderPages } from './pages.ts'
import { type ProviderClient, settingsOf } from './provider-client.ts'

/** The enabled features of the library. */
export const createFeatures = (engine: Engine, pages: ProviderPages): Configuration['features'] => ({
  devInteractions: { enabled: false },
  backchannelLogout: { enabled: true },
  claimsParameter: { enabled: true },
  clientCredentials: { enabled: true },
  deviceFlow: { enabled: true, ...pages.device },
  dPoP: { enabled: true },
  introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => mayIntrospect(client, token) },
  pushedAuthorizationRequests: { enabled: true },
  registration: {
    enabled: true,
    initialAccessToken: true,
    idFactory: () => newClientId(engine),
    secretFactory: () => newClientSecret(engine),
    issueRegistrationAccessToken: true,
    policies: { 'by-invitation': (ctx, properties) => admitRegistration(ctx, properties) },
  },
  requestObjects: { enabled: true },
  resourceIndicators: {
    enabled: true,
    defaultResource: async (_ctx, _client, oneOf) => oneOf?.[0] as string,
    useGrantedResource: async () => true,
    getResourceServerInfo: async (_ctx, resource, client) => {
      const registered = registeredResource(settingsOf(client), resource)
      if (registered === undefined) throw new errors.InvalidTarget()
      return {
        scope: settingsOf(client).resources[registered] as string,
        audience: registered,
        accessTokenFormat: 'jwt',
        accessTokenTTL: settingsOf(client).accessTokenSeconds ?? engine.settings.accessTokenSeconds,
      }
    },
  },
  // A client revokes its own tokens only (RFC 7009 §2.1).
  revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => mayRevoke(client, token) },
  rpInitiatedLogout: { enabled: true, ...pages.logout },
  userinfo: { enabled: true },
})

/** A dynamically registered client gets the ordinary scopes only. */
async function admitRegistration(
  _ctx: KoaContextWithOIDC,
  properties: Record<string, unknown>,
): Promise<void> {
  const asked = String(properties.scope ?? ordinaryScopes.join(' ')).split(' ')
  properties.scope = asked.filter((scope) => (ordinaryScopes as readonly string[]).includes(scope)).join(' ')
}

/**
 * A client introspects its own tokens, and those for its own API (RFC 7662 §4); others are reported as
 * inactive.
 */
function mayIntrospect(client: unknown, token: { clientId?: string | undefined; aud?: unknown }): boolean {
  const { clientId, clientAuthMethod } = client as ProviderClient
  if (clientAuthMethod === 'none') return false
  return (
    token.clientId === clientId ||
    [token.aud].flat().some((audience) => registeredResource(settingsOf(client), String(audience)))
  )
}

function mayRevoke(client: { clientId: string }, token: { clientId?: string | undefined }): boolean {
  if (token.clientId === client.clientId) return true
  if ((client as unknown as ProviderClient).clientAuthMethod === 'none') return false
  throw new errors.InvalidRequest('the token belongs to another client')
}
