import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import {
  type Ceremony,
  type Flags,
  SoftwareAuthenticator,
} from '../../examples/node/software-authenticator.ts'
import type { SignedInUser } from '../support/client.ts'
import { engines } from '../support/engines.ts'
import { server, type TestServer } from '../support/fixture.ts'
import { messageTo } from '../support/messages.ts'
import { verifiedUser } from '../support/method-drivers.ts'
import { answerMethod, beginAttempt, beginMethod, enrolMethod } from '../support/users.ts'

async function enrolKey(
  app: TestServer,
  { accessToken }: SignedInUser,
  flags: Flags = {},
): Promise<SoftwareAuthenticator> {
  const key = new SoftwareAuthenticator(app.url, flags)
  await enrolMethod(app, accessToken, 'passkey', (options) => key.register(options))
  return key
}

async function signIn(
  app: TestServer,
  key: SoftwareAuthenticator,
  given: { name?: string; ceremony?: Ceremony; acr?: string } = {},
) {
  const attempt = await beginAttempt(app, {
    purpose: 'sign-in',
    ...(given.name !== undefined && { login_hint: given.name }),
    ...(given.acr !== undefined && { acr: given.acr }),
  })
  const options = await beginMethod(app, attempt.id, 'passkey')
  return {
    attempt: attempt.id,
    options,
    reply: await answerMethod(app, attempt.id, 'passkey', key.authenticate(options, given.ceremony)),
  }
}

for (const engine of engines) {
  test(`${engine.name}: a passkey signs in alone, without a name: aal2, or aal3 if device-bound`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    for (const [flags, acr, amr] of [
      [{ backupEligible: true, backedUp: true }, 'aal2', ['swk', 'user', 'mfa']],
      [{}, 'aal3', ['hwk', 'user', 'mfa']],
    ] as const) {
      const user = await app.user()
      const key = await enrolKey(app, user, flags)
      const { options, reply } = await signIn(app, key)
      assert.deepEqual(options.allowCredentials, [])
      assert.equal(reply.body.status, 'done', JSON.stringify(reply.body))
      const claims = decodeJwt(reply.body.access_token)
      assert.deepEqual([claims.sub, claims.acr, claims.amr], [user.accountId, acr, amr])
    }
  })

  test(`${engine.name}: a passkey without user verification is one factor, and the password the other`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const user = await app.user()
    const key = await enrolKey(app, user, { userVerified: false })
    const { attempt, reply } = await signIn(app, key)
    assert.equal(reply.body.status, 'more')
    assert.ok(reply.body.offers.some(({ method }: { method: string }) => method === 'password'))
    const done = await answerMethod(app, attempt, 'password', { password: user.password })
    assert.equal(decodeJwt(done.body.access_token).acr, 'aal2')
  })

  test(`${engine.name}: a signature counter that does not increase is refused, and the owner is notified`, {
    skip: engine.skip,
  }, async (t) => {
    const app = await server(t, { engine })
    const user = await verifiedUser(app)
    const key = await enrolKey(app, user)
    assert.equal((await signIn(app, key, { ceremony: { counter: 7 } })).reply.status, 200)
    for (const counter of [7, 3, 0])
      assert.equal((await signIn(app, key, { ceremony: { counter } })).reply.status, 400, String(counter))
    assert.equal((await signIn(app, key, { ceremony: { counter: 8 } })).reply.status, 200)
    await messageTo(app.environment.SUMUN_DATA as string, user.email, ({ subject }) =>
      subject.includes('copied'),
    )
    const events = await app.running.engine.store.events.listFiltered({
      subject: null,
      kind: null,
      before: null,
      limit: 50,
    })
    assert.ok(
      events.some(({ kind, subject }) => kind === 'credential.suspected_copy' && subject === user.accountId),
    )
  })

  test(`${engine.name}: a passkey is enrolled once, for one account`, { skip: engine.skip }, async (t) => {
    const app = await server(t, { engine })
    const [kim, lee] = [await app.user(), await app.user()]
    const key = await enrolKey(app, kim)
    const again = await app.post('/v1/me/credentials/passkey', { json: {}, token: kim.accessToken })
    assert.deepEqual(
      again.body.challenge.excludeCredentials.map(({ id }: { id: string }) => id),
      [key.id.toString('base64url')],
    )
    for (const { accessToken: token } of [kim, lee]) {
      const begun = await app.post('/v1/me/credentials/passkey', { json: {}, token })
      const refused = await app.post('/v1/me/credentials/passkey/answer', {
        json: key.register(begun.body.challenge),
        token,
      })
      assert.deepEqual([refused.status, refused.body.code], [409, 'conflict'])
    }
  })
}

test("what is listed of a key: its name, what backs it up, and what the browser's own store should know", async (t) => {
  const app = await server(t)
  const user = await app.user({ name: 'Kim Minji' })
  const key = await enrolKey(app, user, { backupEligible: true })
  const { body } = await app.get('/v1/me/credentials', { token: user.accessToken })
  const listed = body.credentials.find(({ method }: { method: string }) => method === 'passkey')
  assert.deepEqual(
    [listed.details.backup_eligible, listed.details.backed_up, listed.details.user_verified],
    [true, false, true],
  )
  assert.equal(listed.details.publicKey, undefined)
  assert.deepEqual(body.signals.passkey.all_accepted_credential_ids, [key.id.toString('base64url')])
  assert.deepEqual(
    [body.signals.passkey.rp_id, body.signals.passkey.display_name],
    ['localhost', 'Kim Minji'],
  )
  assert.equal(
    (
      await app.call('PATCH', `/v1/me/credentials/${listed.id}`, {
        json: { name: '업무용 노트북' },
        token: user.accessToken,
      })
    ).status,
    204,
  )
  await signIn(app, key, { ceremony: { backedUp: true } })
  const after = (await app.get('/v1/me/credentials', { token: user.accessToken })).body.credentials
  const renamed = after.find(({ id }: { id: string }) => id === listed.id)
  assert.deepEqual([renamed.name, renamed.details.backed_up], ['업무용 노트북', true])
  const unknown = await signIn(app, new SoftwareAuthenticator(app.url))
  assert.equal(unknown.reply.body.notes.unknown_credential.rp_id, 'localhost')
})

test('origins are the issuer and the configured ones, also in /.well-known/webauthn', async (t) => {
  const settings = {
    SUMUN_ISSUER: 'https://id.example.com',
    SUMUN_PASSKEY_ORIGINS: 'https://app.example.net',
  }
  const app = await server(t, { settings })
  assert.deepEqual((await app.get('/.well-known/webauthn')).body, {
    origins: ['https://id.example.com', 'https://app.example.net'],
  })
  const user = await app.user()
  const key = new SoftwareAuthenticator('https://app.example.net')
  await enrolMethod(app, user.accessToken, 'passkey', (options) => {
    assert.equal(options.rp.id, 'id.example.com')
    return key.register(options)
  })
  const at = async (origin: string) => (await signIn(app, key, { ceremony: { origin } })).reply.status
  assert.equal(await at('https://id.example.com'), 200)
  assert.equal(await at('https://app.example.net'), 200)
  for (const origin of [
    'http://id.example.com',
    'https://id.example.com.evil.example',
    'https://app.example.net:444',
    'null',
  ]) {
    assert.equal(await at(origin), 400, origin)
  }
})

test('with required user verification, a key without it neither signs in nor is enrolled', async (t) => {
  const app = await server(t, { settings: { SUMUN_PASSKEY_USER_VERIFICATION: 'required' } })
  const user = await app.user()
  const key = await enrolKey(app, user)
  assert.equal((await signIn(app, key, { ceremony: { userVerified: false } })).reply.status, 400)
  assert.equal((await signIn(app, key)).reply.status, 200)
})
