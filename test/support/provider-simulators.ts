import type { TestContext } from 'node:test'
import { exportPKCS8, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { EmailTrust } from '../../src/domain/connection.ts'
import { presets } from '../../src/federation/presets/index.ts'
import type { TestServer } from './fixture.ts'
import { connect, endpointsOf, type Quirks, startUpstream, type Upstream } from './upstream.ts'

/** How a provider behaves, as its documents say, and what comes of a sign-in through it. */
export interface ProviderSimulator {
  preset: string
  method?: 'oauth2'
  algorithm?: 'ES256'
  user: Record<string, unknown>
  quirks?: Quirks | ((upstream: Upstream) => Quirks)
  /** Of the connection, beside the endpoints. */
  settings?: Record<string, unknown>
  profile?: string
  emailTrust?: EmailTrust
  /** In place of the simulator's own. */
  secret?: string
  name: string
  address: [string | null, boolean]
}

const email = 'kim@example.com'
const kim = { sub: 'kim-1', email, email_verified: true, name: 'Kim' }
const noIss: Quirks = {
  discovery: { authorization_response_iss_parameter_supported: undefined },
  response: { iss: undefined },
}
const byOAuth2 = (
  given: Omit<ProviderSimulator, 'user' | 'method' | 'name'> & { reply: unknown; name?: string },
): ProviderSimulator => {
  const { reply, quirks, profile = '/me', ...rest } = given
  return {
    ...{ method: 'oauth2', user: {}, profile, name: 'Kim' },
    ...rest,
    quirks: {
      ...{ token: ({ id_token: _, ...tokens }) => ({ body: tokens }), response: { iss: undefined } },
      paths: { [profile]: () => reply },
      ...(quirks as Quirks | undefined),
    },
  }
}
const apple = await generateKeyPair('ES256', { extractable: true })

export const simulators: readonly ProviderSimulator[] = [
  { preset: 'oidc', user: kim, emailTrust: 'flag', name: 'Kim', address: [email, true] },
  byOAuth2({
    ...{ preset: 'oauth2', emailTrust: 'flag', address: [email, true] },
    reply: { user: { id: 7, mail: email, ok: true, name: 'Kim' } },
    settings: {
      scope: 'profile',
      subject: '/user/id',
      email: '/user/mail',
      email_verified: '/user/ok',
      name: '/user/name',
    },
  }),
  {
    ...{ preset: 'kakao', name: '민지', address: [email, true] },
    user: { sub: '1234567890', email, nickname: '민지' },
    quirks: {
      ...noIss,
      paths: {
        '/v2/user/me': () => ({
          id: 1_234_567_890,
          kakao_account: { email, is_email_valid: true, is_email_verified: true },
        }),
      },
    },
  },
  {
    ...{ preset: 'naver', name: '김민지', address: [email, false] },
    user: { sub: 'naver-id' },
    quirks: {
      ...noIss,
      idToken: { nonce: undefined },
      token: (reply) => ({ body: { ...reply, expires_in: '3600' } }),
      userinfo: () => ({
        resultcode: '00',
        message: 'success',
        response: { id: 'naver-id', email, name: '김민지' },
      }),
    },
  },
  {
    ...{ preset: 'line', user: kim, name: 'Kim', address: [email, false], algorithm: 'ES256' },
    settings: { algorithm: 'ES256' },
    quirks: ({ privateKey, secret }) => ({
      ...noIss,
      sign: (claims, form) => lineToken(claims, form, { privateKey, secret }),
    }),
  },
  {
    preset: 'google',
    user: { ...kim, email: 'kim@gmail.com' },
    name: 'Kim',
    address: ['kim@gmail.com', true],
  },
  {
    ...{ preset: 'apple', name: 'Minji Kim', address: ['x@privaterelay.appleid.com', true] },
    user: {
      sub: '001.a',
      email: 'x@privaterelay.appleid.com',
      email_verified: 'true',
      is_private_email: true,
    },
    secret: await exportPKCS8(apple.privateKey),
    settings: { authentication: 'signed_secret', team: 'TEAM', key_id: 'KEY' },
    quirks: ({ issuer }) => ({
      discovery: { ...noIss.discovery, userinfo_endpoint: undefined },
      response: {
        ...noIss.response,
        user: JSON.stringify({ name: { firstName: 'Minji', lastName: 'Kim' } }),
      },
      async authenticate(form) {
        const checks = { issuer: 'TEAM', subject: 'sumun', audience: issuer }
        const { protectedHeader, payload } = await jwtVerify(
          form.get('client_secret') ?? '',
          apple.publicKey,
          checks,
        )
        return protectedHeader.kid === 'KEY' && Number(payload.exp) - Number(payload.iat) <= 300
      },
    }),
  },
  {
    ...{ preset: 'microsoft', name: 'Kim', address: ['kim@corp.example', true] },
    user: { ...kim, email: 'kim@corp.example', xms_edov: '1' },
    quirks: noIss,
  },
  byOAuth2({
    ...{ preset: 'github', profile: '/user', address: [email, true], reply: undefined },
    quirks: {
      paths: {
        '/user': () => ({ id: 12_345, login: 'kim', name: 'Kim' }),
        '/user/emails': () => [
          { email: 'other@example.com', primary: false, verified: true },
          { email, primary: true, verified: true },
        ],
      },
    },
  }),
  { preset: 'gitlab', user: kim, name: 'Kim', address: [email, true] },
  byOAuth2({ preset: 'facebook', reply: { id: '1', name: 'Kim', email }, address: [email, false] }),
  byOAuth2({
    ...{ preset: 'x', emailTrust: 'rule', address: [email, true] },
    reply: { data: { id: '1', name: 'Kim', confirmed_email: email } },
  }),
  byOAuth2({
    preset: 'discord',
    reply: { id: '1', global_name: 'Kim', email, verified: true },
    address: [email, true],
  }),
  { preset: 'slack', user: kim, name: 'Kim', address: [email, false] },
  {
    ...{ preset: 'linkedin', name: 'Kim', address: [email, true] },
    user: { ...kim, email_verified: 'true' },
    quirks: { ...noIss, idToken: { nonce: undefined } },
  },
  { preset: 'okta', user: kim, name: 'Kim', address: [email, false] },
  { preset: 'auth0', user: kim, name: 'Kim', address: [email, false] },
  { preset: 'keycloak', user: kim, name: 'Kim', address: [email, false] },
  { preset: 'yahoo-japan', user: kim, name: 'Kim', address: [email, true] },
  byOAuth2({
    ...{ preset: 'payco', profile: '/find_member', address: [email, false] },
    reply: { data: { member: { idNo: 'p-1', email, name: 'Kim' } } },
  }),
  byOAuth2({ preset: 'amazon', reply: { user_id: '1', name: 'Kim', email }, address: [email, false] }),
  {
    ...{ preset: 'twitch', name: 'kimplays', address: [email, true] },
    user: { sub: '1', email, email_verified: true, preferred_username: 'kimplays' },
    quirks: { ...noIss, token: (reply) => ({ body: { ...reply, scope: ['openid', 'user:read:email'] } }) },
  },
]

/** LINE signs with the channel secret unless it is asked for a key. */
const lineToken = (
  claims: JWTPayload,
  form: URLSearchParams,
  { privateKey, secret }: Pick<Upstream, 'privateKey' | 'secret'>,
): Promise<string> =>
  form.get('id_token_key_type') === 'JWK'
    ? new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey)
    : new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret))

/** The provider, with its user. */
export async function startSimulator(
  t: Pick<TestContext, 'after'>,
  { algorithm, quirks, user }: ProviderSimulator,
): Promise<Upstream> {
  const upstream = await startUpstream(t, algorithm ? { algorithm } : {})
  upstream.quirks = { ...upstream.quirks, ...(typeof quirks === 'function' ? quirks(upstream) : quirks) }
  upstream.user = user
  return upstream
}

/** A connection to it by its preset, as an operator would add it. */
export const connectSimulator = (
  app: TestServer,
  upstream: Upstream,
  { preset, method, profile, settings, secret, emailTrust }: ProviderSimulator,
): Promise<string> =>
  connect(app, upstream, {
    ...{ preset, slug: preset, names: {} },
    emailTrust: emailTrust ?? presets.find(({ id }) => id === preset)?.emailTrust ?? 'never',
    ...(secret !== undefined && { secret }),
    settings: { ...(method && endpointsOf(upstream.issuer, profile)), ...settings },
  })
