import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type JWTPayload, SignJWT } from 'jose'
import { server } from '../support/fixture.ts'
import { connect, type Quirks, signInUpstream, startUpstream } from '../support/upstream.ts'

// Each preset, against a simulator that behaves as its provider does (no provider was called).

/** The account that a first sign-in makes: its address, and whether it is verified. */
async function accountBy(
  t: Parameters<typeof server>[0],
  given: { preset: string; user: Record<string, unknown>; quirks?: Quirks; emailTrust?: 'rule' | 'never' },
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
