import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { SoftwareAuthenticator } from '../../examples/node/software-authenticator.ts'
import type { Reply, SignedInUser } from './client.ts'
import type { TestServer } from './fixture.ts'
import { connectLdap, sharedSlapd, signInLdap } from './ldap.ts'
import { messagesTo, messageTo } from './messages.ts'
import { connectSaml, samlAnswerOf, samlIdp } from './saml-idp.ts'
import { skipWithoutSlapd } from './slapd.ts'
import { connect, oauth2Settings, startUpstream } from './upstream.ts'
import { enrolMethod, enrolTotp } from './users.ts'

export interface Person {
  name: string
  token: string
  accountId: string
  /** A right answer to a challenge that was just begun. */
  right(challenge: Reply['body']): Promise<unknown>
  wrong(challenge: Reply['body']): unknown
}

/** A method's driver for tests: how a user enrols it, and right and wrong answers. */
export interface MethodDriver {
  /** What is missing on this machine, for node:test. */
  skip?: false | string
  prepare(app: TestServer): Promise<Person>
  /** A well-formed answer without a credential. */
  guess(app: TestServer): unknown
}

const folderOf = (app: TestServer): string => app.environment.SUMUN_DATA as string
const person = (user: SignedInUser, answers: Pick<Person, 'right' | 'wrong'>): Person => ({
  name: user.email,
  token: user.accessToken,
  accountId: user.accountId,
  ...answers,
})

/** A user with a verified address. */
export async function verifiedUser(
  app: TestServer,
  given: Parameters<TestServer['user']>[0] = {},
): Promise<SignedInUser> {
  const user = await app.user(given)
  await confirmAddress(app, user)
  return user
}

/** Answers with the code that came at sign-up. */
export async function confirmAddress(app: TestServer, { email, accessToken: token }: SignedInUser) {
  const { code } = await messageTo(folderOf(app), email, (message) => message.code !== undefined)
  const { status } = await app.post('/v1/me/identifiers/email/answer', { json: { code }, token })
  assert.equal(status, 204)
}

/** The message that came after `count` earlier ones. Throws where none comes. */
async function nextMessage(app: TestServer, to: string, count: number) {
  const giveUp = performance.now() + 10_000
  while (performance.now() < giveUp) {
    const all = (await messagesTo(folderOf(app), to)).filter(({ code }) => code !== undefined)
    if (all.length > count) return all.at(-1) as NonNullable<(typeof all)[number]>
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`no further message came for ${to}`)
}

function mailed(
  app: TestServer,
  user: SignedInUser,
  address: string,
  pick: 'code' | 'token',
  seen: number,
): Person {
  let count = seen
  return person(user, {
    async right() {
      const { code, link } = await nextMessage(app, address, count++)
      return pick === 'code' ? { code } : { token: link?.searchParams.get('token') }
    },
    wrong: () => (pick === 'code' ? { code: '000000' } : { token: 'x'.repeat(43) }),
  })
}

/** An account at a provider of the test's own. */
function elsewhere(method: 'oidc' | 'oauth2'): MethodDriver {
  return {
    async prepare(app) {
      const upstream = await startUpstream({ after: () => undefined })
      const { issuer } = upstream
      if (method === 'oauth2')
        Object.assign(upstream.quirks, {
          token: ({ id_token: _, ...reply }: object & { id_token?: unknown }) => ({ body: reply }),
        })
      await connect(app, upstream, {
        preset: method,
        settings: method === 'oidc' ? {} : oauth2Settings(issuer),
      })
      const user = await app.user()
      const token = user.accessToken
      const begun = await app.post(`/v1/me/credentials/${method}`, { token, json: { connection: 'up' } })
      const answer = await upstream.answer(begun.body.challenge.redirect_url)
      const linked = await app.post(`/v1/me/credentials/${method}/answer`, { token, json: answer })
      assert.equal(linked.status, 201, JSON.stringify(linked.body))
      return person(user, {
        right: ({ redirect_url: url }) => upstream.answer(url),
        wrong: ({ redirect_url: url }) => ({
          state: new URL(url).searchParams.get('state'),
          code: 'made up',
          iss: issuer,
        }),
      })
    },
    guess: () => ({ state: 'x'.repeat(43), code: 'made up' }),
  }
}

/** An account at an identity provider of the test's own. */
const bySaml: MethodDriver = {
  async prepare(app) {
    const idp = await samlIdp()
    await connectSaml(app, idp, { slug: 'up' })
    const user = await app.user()
    const token = user.accessToken
    const nameId = user.accountId
    const begun = await app.post('/v1/me/credentials/saml', { token, json: { connection: 'up' } })
    const answer = samlAnswerOf(
      idp.answer(begun.body.challenge.redirect_url, { nameId, now: app.clock.now() }),
    )
    const linked = await app.post('/v1/me/credentials/saml/answer', { token, json: answer })
    assert.equal(linked.status, 201, JSON.stringify(linked.body))
    return person(user, {
      right: async ({ redirect_url: url }) => samlAnswerOf(idp.answer(url, { nameId, now: app.clock.now() })),
      wrong: ({ redirect_url: url }) => samlAnswerOf(idp.answer(url, { nameId, signs: 'nothing' })),
    })
  },
  guess: () => ({ state: 'x'.repeat(43), saml_response: 'bWFkZSB1cA==' }),
}

/** An account in a directory of the test's own. */
const byLdap: MethodDriver = {
  skip: skipWithoutSlapd,
  async prepare(app) {
    await connectLdap(app, await sharedSlapd(), { slug: 'up', domains: ['corp.example'] })
    const user = await verifiedUser(app, { email: 'akim.mail@corp.example' })
    const right = { username: 'akim', password: 'pw-akim' }
    const joined = await signInLdap(app, right)
    assert.equal(joined.status, 200, JSON.stringify(joined.body))
    return person(user, { right: async () => right, wrong: () => ({ ...right, password: 'wrong' }) })
  },
  guess: () => ({ username: 'nobody', password: 'whatever it may be' }),
}

export const methodDrivers: Readonly<Record<string, MethodDriver>> = {
  password: {
    async prepare(app) {
      const user = await app.user()
      return person(user, {
        right: async () => ({ password: user.password }),
        wrong: () => ({ password: `not ${user.password}` }),
      })
    },
    guess: () => ({ password: 'whatever it may be' }),
  },

  totp: {
    async prepare(app) {
      const user = await app.user()
      const phone = await enrolTotp(app, user.accessToken)
      const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
      return person(user, {
        right: async () => ({ code: phone.codeAt(app.clock.now()) }),
        wrong: () => ({ code: wrong(phone.codeAt(app.clock.now())) }),
      })
    },
    guess: () => ({ code: '123456' }),
  },

  'recovery-code': {
    async prepare(app) {
      const user = await app.user()
      let codes: string[] = []
      await enrolMethod(app, user.accessToken, 'recovery-code', (challenge) => {
        codes = challenge.codes
        return {}
      })
      return person(user, {
        right: async () => ({ code: codes.shift() }),
        wrong: () => ({ code: '0000-0000-0000' }),
      })
    },
    guess: () => ({ code: '0000-0000-0000' }),
  },

  passkey: {
    async prepare(app) {
      const user = await app.user()
      const authenticator = new SoftwareAuthenticator(app.url)
      await enrolMethod(app, user.accessToken, 'passkey', (options) => authenticator.register(options))
      return person(user, {
        right: async (options) => authenticator.authenticate(options),
        wrong: (options) => authenticator.authenticate(options, { origin: 'https://evil.example' }),
      })
    },
    guess: (app) => new SoftwareAuthenticator(app.url).authenticate({ rpId: '127.0.0.1', challenge: 'AAAA' }),
  },

  oidc: elsewhere('oidc'),
  oauth2: elsewhere('oauth2'),
  saml: bySaml,
  ldap: byLdap,

  'email-code': {
    async prepare(app) {
      const user = await verifiedUser(app)
      return mailed(app, user, user.email, 'code', 1)
    },
    guess: () => ({ code: '000000' }),
  },

  'email-link': {
    async prepare(app) {
      const user = await verifiedUser(app)
      return mailed(app, user, user.email, 'token', 1)
    },
    guess: () => ({ token: 'y'.repeat(43) }),
  },

  'sms-code': {
    async prepare(app) {
      const user = await app.user()
      const phone = `+8210${randomInt(10_000_000, 99_999_999)}`
      assert.equal(
        (await app.post('/v1/me/identifiers/phone', { json: { value: phone }, token: user.accessToken }))
          .status,
        200,
      )
      const { code } = await nextMessage(app, phone, 0)
      assert.equal(
        (await app.post('/v1/me/identifiers/phone/answer', { json: { code }, token: user.accessToken }))
          .status,
        204,
      )
      return mailed(app, user, phone, 'code', 1)
    },
    guess: () => ({ code: '000000' }),
  },
}
