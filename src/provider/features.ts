import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { newClientId } from '../domain/id.ts'
import { newClientSecret } from '../engine/clients.ts'
import type { Engine } from '../engine/engine.ts'
import { ordinaryScopes } from './client-metadata.ts'
import type { ProviderPages } from './pages.ts'
import { type ProviderClient, settingsOf } from './provider-client.ts'

/** What the provider can do, of what the library could. */
export const createFeatures = (engine: Engine, pages: ProviderPages): Configuration['features'] => ({
  devInteractions: { enabled: false },
  backchannelLogout: { enabled: true },
  claimsParameter: { enabled: true },
  clientCredentials: { enabled: true },
  deviceFlow: { enabled: true, ...pages.device },
  dPoP: { enabled: true },
  introspection: { enabled: true, allowedPolicy: (_ctx, client) => (client as unknown as ProviderClient).clientAuthMethod !== 'none' },
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
      const scope = settingsOf(client).resources[resource]
      if (scope === undefined) throw new errors.InvalidTarget()
      return {
        scope,
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: settingsOf(client).accessTokenSeconds ?? engine.settings.accessTokenSeconds,
      }
    },
  },
  // A client gives back its own tokens, and nobody else's (RFC 7009 §2.1).
  revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => mayRevoke(client, token) },
  rpInitiatedLogout: { enabled: true, ...pages.logout },
  userinfo: { enabled: true },
})

/** Whoever was invited to register a client does so once, and asks for no more than any client may. */
async function admitRegistration(ctx: KoaContextWithOIDC, properties: Record<string, unknown>): Promise<void> {
  const asked = String(properties.scope ?? ordinaryScopes.join(' ')).split(' ')
  properties.scope = asked.filter((scope) => (ordinaryScopes as readonly string[]).includes(scope)).join(' ')
  if (ctx.oidc.route === 'registration') await ctx.oidc.entities.InitialAccessToken?.destroy()
}

function mayRevoke(client: { clientId: string }, token: { clientId?: string | undefined }): boolean {
  if (token.clientId === client.clientId) return true
  if ((client as unknown as ProviderClient).clientAuthMethod === 'none') return false
  throw new errors.InvalidRequest('the token belongs to another client')
}
