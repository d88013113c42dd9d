import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportPKCS8, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { server } from '../support/fixture.ts'
import { connect, type Quirks, signInUpstream, startUpstream } from '../support/upstream.ts'

// Each preset, against a simulator that behaves as its provider does (no provider was called).

/** The account that a first sign-in makes: its address, and whether it is verified. */
async function accountBy(
  t: Parameters<typeof server>[0],
  given: {
    preset: string
    user: Record<string, unknown>
    quirks?: Quirks
    emailTrust?: 'rule' | 'flag' | 'never'
  },
) {
  const { preset, user, quirks = {}, emailTrust = 'rule' } = given
  const [app, upstream] = [await server(t), await startUpstream(t, quirks)]
  upstream.user = user
  await connect(app, upstream, { preset, slug: preset, emailTrust })
  const { status, body } = await signInUpstream(app, upstream, { slug: preset })
  assert.equal(status, 200, JSON.stringify(body))
  const { body: me } = await app.get('/v1/me', { token: body.access_token })
  return { upstream, me, address: [me.email ?? null, me.email_verified ?? false] }
}

test('kakao: an address counts as verified only if it is valid and verified', async (t) => {
  const kakao = (account: Record<string, unknown>) =>
    accountBy(t, {
      preset: 'kakao',
      user: { sub: '1234567890', email: 'kim@kakao.example', nickname: '민지' },
      quirks: { paths: { '/v2/user/me': () => ({ id: 1_234_567_890, kakao_account: account }) } },
    })
  const email = 'kim@kakao.example'
  const good = await kakao({ email, is_email_valid: true, is_email_verified: true })
  assert.deepEqual(good.address, [email, true])
  assert.equal(good.me.name, '민지')
  for (const flags of [
    { is_email_valid: false, is_email_verified: true },
    { is_email_valid: true, is_email_verified: false },
    { is_email_valid: 'true', is_email_verified: 'true' },
    {},
  ])
    assert.deepEqual((await kakao({ email, ...flags })).address, [email, false])
  assert.deepEqual((await kakao({ email_needs_agreement: true })).address, [null, false])
})

test('naver: the profile is wrapped, there is no nonce, and the address never counts', async (t) => {
  const naver = (response: Record<string, unknown>, resultcode = '00') =>
    accountBy(t, {
      preset: 'naver',
      user: { sub: 'naver-id' },
      quirks: {
        idToken: { nonce: undefined },
        discovery: { authorization_response_iss_parameter_supported: undefined },
        response: { iss: undefined },
        token: (reply) => ({ body: { ...reply, expires_in: '3600' } }),
        userinfo: () => ({ resultcode, message: 'success', response }),
      },
    })
  const { upstream, address, me } = await naver({
    id: 'naver-id',
    email: 'kim@naver.example',
    name: '김민지',
  })
  assert.deepEqual([address, me.name], [['kim@naver.example', false], '김민지'])
  assert.equal(upstream.seen.authorization?.get('nonce'), null)
  assert.equal(upstream.seen.authorization?.get('code_challenge_method'), 'S256')
  assert.deepEqual((await naver({}, '024')).address, [null, false])
})

test('naver: a profile of another user is refused', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t)]
  upstream.user = { sub: 'naver-id' }
  upstream.quirks = {
    idToken: { nonce: undefined },
    userinfo: () => ({ resultcode: '00', response: { id: 'another', email: 'lee@naver.example' } }),
  }
  await connect(app, upstream, { preset: 'naver' })
  assert.equal((await signInUpstream(app, upstream)).body.code, 'answer_refused')
})

test('line: an ES256 key is asked for, and a signature with the channel secret is refused', async (t) => {
  const [app, upstream] = [await server(t), await startUpstream(t, { algorithm: 'ES256' })]
  const { privateKey, secret } = upstream
  const sign = (claims: JWTPayload, form: URLSearchParams) =>
    form.get('id_token_key_type') === 'JWK'
      ? new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey)
      : new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret))
  upstream.quirks = {
    algorithm: 'ES256',
    sign,
    discovery: { id_token_signing_alg_values_supported: ['ES256'] },
  }
  await connect(app, upstream, { preset: 'line', settings: { algorithm: 'ES256' } })
  const { status, body } = await signInUpstream(app, upstream)
  assert.equal(status, 200, JSON.stringify(body))
  upstream.quirks = {
    ...upstream.quirks,
    sign: (claims) => sign(claims, new URLSearchParams()),
    discovery: { id_token_signing_alg_values_supported: ['ES256', 'HS256'] },
  }
  assert.equal((await signInUpstream(app, upstream)).body.code, 'answer_refused')
})

test('google: an address counts if it is of Gmail or of a Workspace domain', async (t) => {
  const google = async (user: Record<string, unknown>) =>
    (await accountBy(t, { preset: 'google', user: { sub: '1', ...user } })).address[1]
  assert.equal(await google({ email: 'kim@gmail.com', email_verified: true }), true)
  assert.equal(await google({ email: 'kim@corp.example', email_verified: true, hd: 'corp.example' }), true)
  assert.equal(await google({ email: 'kim@corp.example', email_verified: true }), false)
  assert.equal(await google({ email: 'kim@gmail.com', email_verified: false }), false)
  assert.equal(await google({ email: 'kim@gmail.com.evil.example', email_verified: true }), false)
  assert.equal(await google({ email: 'kim@corp.example', email_verified: true, hd: '' }), false)
})

test('keycloak, okta and auth0 vouch for no address unless the operator says so', async (t) => {
  for (const preset of ['keycloak', 'okta', 'auth0'])
    assert.deepEqual(
      (
        await accountBy(t, {
          ...{ preset, emailTrust: 'never' },
          user: { sub: '1', email: 'kim@corp.example', email_verified: true },
        })
      ).address,
      ['kim@corp.example', false],
    )
})

test('apple: a form brings the answer, the secret is signed for each call, and the name comes unsigned', async (t) => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const [app, upstream] = [await server(t), await startUpstream(t)]
  const secrets: string[] = []
  upstream.quirks = {
    discovery: {
      userinfo_endpoint: undefined,
      authorization_response_iss_parameter_supported: undefined,
      id_token_signing_alg_values_supported: ['RS256'],
    },
    response: { iss: undefined },
    authenticate: async (form) => {
      const secret = form.get('client_secret') ?? ''
      secrets.push(secret)
      const { protectedHeader, payload } = await jwtVerify(secret, publicKey, {
        ...{ issuer: 'TEAM', subject: 'sumun', audience: upstream.issuer },
      })
      return protectedHeader.kid === 'KEY' && Number(payload.exp) - Number(payload.iat) <= 300
    },
  }
  upstream.user = {
    sub: '001.a',
    email: 'x@privaterelay.appleid.com',
    email_verified: 'true',
    is_private_email: true,
  }
  await connect(app, upstream, {
    preset: 'apple',
    secret: await exportPKCS8(privateKey),
    settings: { authentication: 'signed_secret', team: 'TEAM', key_id: 'KEY' },
  })
  const user = JSON.stringify({
    name: { firstName: 'Min\u0007ji', lastName: 'Kim' },
    email: 'evil@example.com',
  })
  const first = await signInUpstream(app, upstream, { change: (answer) => ({ ...answer, user }) })
  assert.equal(first.status, 200, JSON.stringify(first.body))
  assert.equal(upstream.seen.authorization?.get('response_mode'), 'form_post')
  const { body: me } = await app.get('/v1/me', { token: first.body.access_token })
  assert.deepEqual([me.name, me.email, me.email_verified], ['Minji Kim', 'x@privaterelay.appleid.com', true])
  for (const odd of ['{', '[]', '{"name":1}', '{"name":{"firstName":{}}}'])
    assert.equal(
      (await signInUpstream(app, upstream, { change: (answer) => ({ ...answer, user: odd }) })).status,
      200,
    )
  assert.equal(new Set(secrets).size, secrets.length)
})

test('microsoft: an address counts only with xms_edov', async (t) => {
  const microsoft = async (claims: Record<string, unknown>) =>
    (
      await accountBy(t, {
        preset: 'microsoft',
        user: { sub: '1', email: 'kim@corp.example', email_verified: true, name: 'Kim', ...claims },
      })
    ).address[1]
  assert.equal(await microsoft({}), false)
  assert.equal(await microsoft({ xms_edov: false }), false)
  assert.equal(await microsoft({ xms_edov: '0' }), false)
  assert.equal(await microsoft({ xms_edov: true }), true)
  assert.equal(await microsoft({ xms_edov: '1' }), true)
})

test('linkedin has no nonce, slack no PKCE, and twitch a list of scopes', async (t) => {
  const user = { sub: '1', email: 'kim@example.com', email_verified: 'true', name: 'Kim' }
  const linkedin = await accountBy(t, {
    ...{ preset: 'linkedin', emailTrust: 'flag', user },
    quirks: { idToken: { nonce: undefined } },
  })
  assert.deepEqual(linkedin.address, ['kim@example.com', true])
  const slack = await accountBy(t, { preset: 'slack', emailTrust: 'never', user })
  assert.deepEqual(slack.address, ['kim@example.com', false])
  assert.equal(slack.upstream.seen.authorization?.get('code_challenge'), null)
  const twitch = await accountBy(t, {
    ...{ preset: 'twitch', emailTrust: 'flag' },
    user: { sub: '1', email: 'kim@example.com', email_verified: true, preferred_username: 'kimplays' },
    quirks: { token: (reply) => ({ body: { ...reply, scope: ['openid', 'user:read:email'] } }) },
  })
  assert.deepEqual([twitch.me.name, twitch.address], ['kimplays', ['kim@example.com', true]])
  assert.match(twitch.upstream.seen.authorization?.get('claims') ?? '', /email_verified/)
})

/** A provider with OAuth 2.0 only: no ID token, and a profile at a path of its own. */
async function byOAuth2(
  t: Parameters<typeof server>[0],
  given: {
    preset: string
    paths: NonNullable<Quirks['paths']>
    profile: string
    settings?: Record<string, unknown>
    emailTrust?: 'flag' | 'rule' | 'never'
    quirks?: Quirks
  },
) {
  const { preset, paths, profile, settings = {}, emailTrust = 'flag', quirks } = given
  const [app, upstream] = [await server(t), await startUpstream(t)]
  upstream.quirks = {
    token: ({ id_token: _, ...reply }) => ({ body: reply }),
    response: { iss: undefined },
    paths,
    ...quirks,
  }
  const { issuer } = upstream
  await connect(app, upstream, {
    ...{ preset, emailTrust },
    settings: {
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      profile_endpoint: `${issuer}${profile}`,
      ...settings,
    },
  })
  const reply = await signInUpstream(app, upstream, { method: 'oauth2' })
  if (reply.status !== 200) return { app, upstream, reply, address: undefined, me: undefined }
  const { body: me } = await app.get('/v1/me', { token: reply.body.access_token })
  return { app, upstream, reply, me, address: [me.email ?? null, me.email_verified ?? false] }
}

test('github: only an address that is primary and verified is taken', async (t) => {
  const github = (
    addresses: Record<string, unknown>[],
    user: Record<string, unknown> = { id: 12_345, login: 'kim' },
  ) =>
    byOAuth2(t, {
      ...{ preset: 'github', profile: '/user' },
      paths: { '/user': () => user, '/user/emails': () => addresses },
    })
  const other = { email: 'other@example.com', primary: false, verified: true }
  const good = await github([other, { email: 'kim@example.com', primary: true, verified: true }])
  assert.deepEqual([good.address, good.me?.name], [['kim@example.com', true], 'kim'])
  assert.equal(good.upstream.seen.authorization?.get('code_challenge_method'), 'S256')
  assert.equal(good.upstream.seen.authorization?.get('nonce'), null)
  for (const addresses of [
    [],
    [other],
    [other, { email: 'kim@example.com', primary: true, verified: false }],
    [{ email: '1+kim@users.noreply.github.com', primary: true, verified: true }],
  ])
    assert.deepEqual((await github(addresses)).address, [null, false])
  for (const user of [
    { login: 'kim' },
    { id: null },
    { id: Number.MAX_SAFE_INTEGER + 2 },
    { id: '' },
    { id: {} },
  ])
    assert.equal((await github([], user)).reply.body.code, 'answer_refused', JSON.stringify(user))
})

test('github: an error with status 200, and a profile that is refused', async (t) => {
  const paths = { '/user': () => ({ id: 1 }), '/user/emails': () => [] }
  for (const quirks of [
    { token: () => ({ body: { error: 'bad_verification_code' } }) },
    { paths: {} },
    { paths: { '/user': () => [] } },
  ] as Quirks[]) {
    const { reply } = await byOAuth2(t, { preset: 'github', profile: '/user', paths, quirks })
    assert.equal(reply.body.code, 'answer_refused', JSON.stringify(reply.body))
  }
})

test('x, discord, facebook and amazon: the profile by pointers', async (t) => {
  for (const [preset, profile, emailTrust, name, address] of [
    [
      'x',
      { data: { id: '1', name: 'Kim', confirmed_email: 'kim@example.com' } },
      'rule',
      'Kim',
      ['kim@example.com', true],
    ],
    ['x', { data: { id: '1', name: 'Kim' } }, 'rule', 'Kim', [null, false]],
    [
      'discord',
      { id: '1', global_name: 'Kim', email: 'kim@example.com', verified: true },
      'flag',
      'Kim',
      ['kim@example.com', true],
    ],
    [
      'discord',
      { id: '1', email: 'kim@example.com', verified: false },
      'flag',
      null,
      ['kim@example.com', false],
    ],
    [
      'facebook',
      { id: '1', name: 'Kim', email: 'kim@example.com' },
      'never',
      'Kim',
      ['kim@example.com', false],
    ],
    [
      'amazon',
      { user_id: '1', name: 'Kim', email: 'kim@example.com' },
      'never',
      'Kim',
      ['kim@example.com', false],
    ],
  ] as const) {
    const found = await byOAuth2(t, { preset, profile: '/me', paths: { '/me': () => profile }, emailTrust })
    assert.deepEqual([found.me?.name ?? null, found.address], [name, address], preset)
  }
})

test('payco: the profile is asked for by POST, with the token in a header', async (t) => {
  const found = await byOAuth2(t, {
    ...{ preset: 'payco', profile: '/find_member', emailTrust: 'never' },
    paths: {
      '/find_member': () => ({ data: { member: { idNo: 'p-1', email: 'kim@example.com', name: '김' } } }),
    },
  })
  assert.deepEqual([found.me?.name, found.address], ['김', ['kim@example.com', false]])
  const { method, headers } = found.upstream.seen.requests.at(-1) ?? {}
  assert.deepEqual([method, headers?.client_id, typeof headers?.access_token], ['POST', 'sumun', 'string'])
})

test('a provider by OAuth 2.0 of the operator’s own, by pointers', async (t) => {
  const found = await byOAuth2(t, {
    ...{ preset: 'oauth2', profile: '/profile' },
    settings: {
      scope: 'profile',
      subject: '/user/id',
      email: '/user/mail',
      email_verified: '/user/is~1ok',
      name: '/user/~0name',
    },
    paths: {
      '/profile': () => ({ user: { id: 7, mail: 'kim@example.com', 'is/ok': true, '~name': 'Kim' } }),
    },
  })
  assert.deepEqual([found.me?.name, found.address], ['Kim', ['kim@example.com', true]])
  const odd = await byOAuth2(t, {
    ...{ preset: 'oauth2', profile: '/profile' },
    settings: { scope: 'profile', subject: '/__proto__/constructor/name' },
    paths: { '/profile': () => ({ id: 1 }) },
  })
  assert.equal(odd.reply.body.code, 'answer_refused')
})
