import { type Configuration, errors } from 'oidc-provider'
import type { ProviderSecrets } from '../crypto/provider-secrets.ts'
import { assurances } from '../domain/assurance.ts'
import { firstPartyClientId } from '../domain/session.ts'
import { signingAlgorithms } from '../domain/signing-key.ts'
import type { Engine } from '../engine/engine.ts'
import { subjectFor } from './access-token.ts'
import { claimsByScope, findProviderAccount } from './account-claims.ts'
import { createAdapters } from './adapter.ts'
import { ownProperties, providerScopes } from './client-metadata.ts'
import { createFeatures } from './features.ts'
import { loadGrant } from './grants.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { createInteractionPolicy } from './interaction-policy.ts'
import type { ProviderPages } from './pages.ts'
import { type ProviderClient, settingsOf } from './provider-client.ts'
import { providerRoutes } from './routes.ts'

const day = 86_400
const codeSeconds = 60
const deviceCodeSeconds = 600
const interactionSeconds = 3600
const refreshTokenDays = 30
const assertionSeconds = 60
const asymmetric = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256'] as const

/** Where the provider stands beside what the library would do by itself. */
export function createConfiguration(engine: Engine, given: { secrets: ProviderSecrets; pages: ProviderPages }): Configuration {
  const { issuer } = engine.settings
  const { secrets, pages } = given
  const isHttps = issuer.startsWith('https:')
  const pairwise = (client: unknown, accountId: string) => subjectFor(secrets, client as ProviderClient, accountId)
  return {
    adapter: createAdapters(engine, secrets),
    jwks: engine.keyRing.privateJwks() as unknown as Configuration['jwks'],
    routes: providerRoutes,
    // What signed-in people hold from /login is nobody's client; the name is taken, so that such tokens can be looked at and revoked.
    clients: [
      {
        client_id: firstPartyClientId,
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: engine.settings.signingAlgorithm,
        redirect_uris: [],
        response_types: [],
        grant_types: [],
      },
    ],
    clientDefaults: { id_token_signed_response_alg: engine.settings.signingAlgorithm },
    scopes: [...providerScopes],
    claims: claimsByScope,
    acrValues: [...assurances],
    subjectTypes: ['public', 'pairwise'],
    responseTypes: ['code', 'none'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    enabledJWA: algorithms,
    features: createFeatures(engine, pages),
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => true },
    extraClientMetadata: {
      properties: [...ownProperties],
      validator(ctx, key, _value, metadata) {
        if (ctx) delete metadata[key] // a client says nothing of what it may do here
      },
    },
    findAccount: (_ctx, id) => findProviderAccount(engine, id),
    loadExistingGrant: (ctx) => loadGrant(engine, ctx),
    pairwiseIdentifier: async (_ctx, accountId, client) => pairwise(client, accountId),
    interactions: { policy: createInteractionPolicy(engine), url: (_ctx, interaction) => `/oauth/interaction/${interaction.uid}` },
    // As most providers do, and as clients like Auth.js count on: what a scope tells is in the ID token as well (OIDC Core §5.4).
    conformIdTokenClaims: false,
    rotateRefreshToken: true,
    // It ends with the session, so it is worth no more than that: whoever registered for one gets one, `offline_access` or not.
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    revokeGrantPolicy: async () => true, // what was issued under a grant ends with it, and it with the first that is taken back
    expiresWithSession: async () => false, // a grant ends with its session by itself
    renderError: pages.error,
    clientBasedCORS: (_ctx, origin, client) =>
      ((client as unknown as ProviderClient).redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin),
    cookies: {
      names: {
        session: isHttps ? '__Host-sumun_provider' : 'sumun_provider',
        interaction: isHttps ? '__Secure-sumun_interaction' : 'sumun_interaction',
        resume: isHttps ? '__Secure-sumun_resume' : 'sumun_resume',
      },
      long: { httpOnly: true, sameSite: 'lax', path: '/', signed: false },
      short: { httpOnly: true, sameSite: 'lax', signed: false },
    },
    ttl: lifetimes(engine.settings),
    discovery: {
      service_documentation: `${issuer}/docs`,
      ui_locales_supported: ['en', 'ko', 'ja'],
      claims_locales_supported: undefined,
    },
    assertJwtClientAuthClaimsAndHeader: async (_ctx, claims) => {
      const lifetime = Number(claims.exp) - Number(claims.iat ?? claims.nbf ?? Number.NaN)
      if (lifetime > assertionSeconds * 10) throw new errors.InvalidClientAuth('the assertion lives too long')
    },
    fetch: guardedFetch(engine),
  }
}

const algorithms: Configuration['enabledJWA'] = {
  clientAuthSigningAlgValues: [...asymmetric],
  requestObjectSigningAlgValues: [...asymmetric],
  idTokenSigningAlgValues: [...signingAlgorithms],
  userinfoSigningAlgValues: [...signingAlgorithms],
  introspectionSigningAlgValues: [...signingAlgorithms],
  authorizationSigningAlgValues: [...signingAlgorithms],
  dPoPSigningAlgValues: ['ES256', 'EdDSA', 'Ed25519'],
}

/** In seconds. */
const lifetimes = ({ accessTokenSeconds, sessionDays }: Engine['settings']): Configuration['ttl'] => ({
  AccessToken: (_ctx, _token, client) => settingsOf(client).accessTokenSeconds ?? accessTokenSeconds,
  ClientCredentials: (_ctx, _token, client) => settingsOf(client).accessTokenSeconds ?? accessTokenSeconds,
  AuthorizationCode: codeSeconds,
  DeviceCode: deviceCodeSeconds,
  Grant: sessionDays * day,
  IdToken: accessTokenSeconds,
  Interaction: interactionSeconds,
  RefreshToken: (_ctx, _token, client) => (settingsOf(client).refreshTokenDays ?? refreshTokenDays) * day,
  Session: sessionDays * day,
})
