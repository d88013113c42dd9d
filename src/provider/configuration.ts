import { type Configuration, errors } from 'oidc-provider'
import type { ProviderSecrets } from '../crypto/provider-secrets.ts'
import { assurances } from '../domain/assurance.ts'
import { redirectFault } from '../domain/client.ts'
import { locales } from '../domain/locale.ts'
import { firstPartyClientId } from '../domain/session.ts'
import { signingAlgorithms } from '../domain/signing-key.ts'
import { siteOf } from '../domain/site.ts'
import type { Engine } from '../engine/engine.ts'
import { claimsByScope, findProviderAccount } from './account-claims.ts'
import { createAdapters } from './adapter.ts'
import { ownProperties, providerScopes } from './client-metadata.ts'
import { createFeatures } from './features.ts'
import { loadGrant } from './grants.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { createInteractionPolicy, pagePrompts } from './interaction-policy.ts'
import { organisationParameter } from './organisation.ts'
import type { ProviderPages } from './pages.ts'
import { type ProviderClient, settingsOf } from './provider-client.ts'
import { providerRoutes } from './routes.ts'
import { subjectFor } from './subject.ts'

const day = 86_400
const codeSeconds = 60
const deviceCodeSeconds = 600
const interactionSeconds = 3600
const anonymousSeconds = 600 // a page for an anonymous user
const refreshTokenDays = 30
const assertionSecondsMax = 300 + 30 // five minutes, plus clock skew
const asymmetric = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256'] as const

/** The library's configuration, where it differs from the defaults. */
export function createConfiguration(
  engine: Engine,
  given: { secrets: ProviderSecrets; pages: ProviderPages },
): Configuration {
  const { issuer } = engine.settings
  const { secrets, pages } = given
  const site = siteOf(issuer)
  const pairwise = (client: unknown, accountId: string) =>
    subjectFor(secrets, client as ProviderClient, accountId)
  return {
    adapter: createAdapters(engine, secrets),
    jwks: engine.keyRing.privateJwks() as unknown as Configuration['jwks'],
    routes: providerRoutes,
    // The client id of tokens from /login. It is reserved, so that such tokens can be introspected and
    // revoked.
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
    // the default of OIDC Registration §2; see `toMetadata` for older clients
    clientDefaults: { id_token_signed_response_alg: 'RS256' },
    scopes: [...providerScopes],
    claims: claimsByScope,
    acrValues: [...assurances],
    subjectTypes: ['public', 'pairwise'],
    responseTypes: ['code', 'none'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    enabledJWA: algorithms,
    features: createFeatures(engine, pages),
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: {
      required: (_ctx, client) =>
        settingsOf(client).pkceRequired || (client as unknown as ProviderClient).clientAuthMethod === 'none',
    },
    extraClientMetadata: ownMetadata,
    // An application's own button of an upstream provider; the organisation that tokens are for.
    extraParams: ['connection', organisationParameter],
    findAccount: (ctx, id) => findProviderAccount(engine, { id, ctx }),
    loadExistingGrant: (ctx) => loadGrant(engine, ctx),
    pairwiseIdentifier: async (_ctx, accountId, client) => pairwise(client, accountId),
    interactions: {
      policy: createInteractionPolicy(engine, secrets),
      url: (_ctx, interaction) => `${site.base}/oauth/interaction/${interaction.uid}`,
    },
    // Like most providers, and as Auth.js expects: the claims of a scope are in the ID token as well (OIDC
    // Core §5.4).
    conformIdTokenClaims: false,
    rotateRefreshToken: true,
    // Every client that is registered for refresh tokens gets one. Without `offline_access` it ends with the
    // session.
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // revoking one token ends its grant and everything issued under it
    revokeGrantPolicy: async () => true,
    expiresWithSession: async () => false, // our grants end with their session
    renderError: pages.error,
    clientBasedCORS: (_ctx, origin, client) =>
      ((client as unknown as ProviderClient).redirectUris ?? []).some(
        (uri) => URL.parse(uri)?.origin === origin,
      ),
    cookies: {
      names: {
        session: `${site.cookiePrefix}sumun_provider`,
        interaction: site.isHttps ? '__Secure-sumun_interaction' : 'sumun_interaction',
        resume: site.isHttps ? '__Secure-sumun_resume' : 'sumun_resume',
      },
      long: { httpOnly: true, sameSite: 'lax', path: site.cookiePath, signed: false },
      short: { httpOnly: true, sameSite: 'lax', signed: false },
    },
    ttl: lifetimes(engine.settings),
    discovery: {
      service_documentation: `${issuer}/docs`,
      ui_locales_supported: [...locales],
      prompt_values_supported: ['none', 'login', 'consent', ...pagePrompts],
      claims_locales_supported: undefined,
    },
    assertJwtClientAuthClaimsAndHeader: assertionCheck(engine),
    fetch: guardedFetch(engine),
  }
}

const ownMetadata: Configuration['extraClientMetadata'] = {
  properties: [...ownProperties],
  validator(ctx, key, _value, metadata) {
    if (!ctx) return
    delete metadata[key] // a client cannot set its own permissions
    const fault = redirectFault(metadata as Record<string, unknown>)
    if (fault) throw new errors.InvalidRedirectUri(fault)
  },
}

/** RFC 7523 §3; only this issuer as audience, so that another server cannot replay it here. */
const assertionCheck =
  ({
    clock,
    settings: { issuer },
  }: Engine): NonNullable<Configuration['assertJwtClientAuthClaimsAndHeader']> =>
  async (_ctx, { exp, aud }) => {
    const now = Math.floor(clock.now() / 1000)
    if (!(Number(exp) - now <= assertionSecondsMax))
      throw new errors.InvalidClientAuth('exp must be at most 5 minutes ahead')
    const audiences = [aud].flat()
    if (
      audiences.length !== 1 ||
      ![issuer, `${issuer}${providerRoutes.token}`].includes(String(audiences[0]))
    )
      throw new errors.InvalidClientAuth('aud must be the issuer, and nothing else')
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
  Session: (_ctx, session) => (session.accountId === undefined ? anonymousSeconds : sessionDays * day),
})
