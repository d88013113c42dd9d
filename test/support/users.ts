import assert from 'node:assert/strict'
import { Secret, TOTP } from 'otpauth'
import type { Call, Reply } from './client.ts'
import type { TestServer } from './fixture.ts'

/** A browser: keeps cookies, and says where it comes from. */
export interface Browser {
  call(method: string, path: string, call?: Call): Promise<Reply>
  post(path: string, json?: unknown, call?: Call): Promise<Reply>
  get(path: string, call?: Call): Promise<Reply>
  cookies: Map<string, string>
}

export function openBrowser(app: TestServer, headers: Record<string, string> = {}): Browser {
  const cookies = new Map<string, string>()
  async function call(method: string, path: string, given: Call = {}): Promise<Reply> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const own = {
      'sec-fetch-site': 'same-origin',
      'user-agent': 'Test/1.0',
      ...(cookie !== '' && { cookie }),
      ...headers,
    }
    const reply = await app.call(method, path, { ...given, headers: { ...own, ...given.headers } })
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return reply
  }
  return {
    call,
    cookies,
    get: (path, given) => call('GET', path, given),
    post: (path, json = {}, given = {}) => call('POST', path, { json, ...given }),
  }
}

/** A browser, or a program without cookies. */
export interface Caller {
  post(path: string, call?: { json?: unknown; token?: string }): Promise<Reply>
}

export async function beginAttempt(
  caller: Caller,
  json: Record<string, unknown>,
  token?: string,
): Promise<{ id: string; offers: string[]; body: Reply['body'] }> {
  const reply = await caller.post('/v1/attempts', { json, ...(token !== undefined && { token }) })
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  return {
    id: reply.body.id,
    offers: reply.body.offers.map(({ method }: { method: string }) => method),
    body: reply.body,
  }
}

export async function beginMethod(caller: Caller, attempt: string, method: string): Promise<Reply['body']> {
  const json = ['oidc', 'oauth2', 'saml'].includes(method) ? { connection: 'up' } : {}
  const reply = await caller.post(`/v1/attempts/${attempt}/${method}`, { json })
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
  return reply.body.challenge
}

export const answerMethod = (
  caller: Caller,
  attempt: string,
  method: string,
  json: unknown,
): Promise<Reply> => caller.post(`/v1/attempts/${attempt}/${method}/answer`, { json })

/** Enrols a method for the token's account. Returns the reply of the last step. */
export async function enrolMethod(
  app: Caller,
  token: string,
  method: string,
  answer: (challenge: Reply['body']) => unknown,
): Promise<Reply> {
  const begun = await app.post(`/v1/me/credentials/${method}`, { json: {}, token })
  assert.equal(begun.status, 200, JSON.stringify(begun.body))
  const finished = await app.post(`/v1/me/credentials/${method}/answer`, {
    json: await answer(begun.body.challenge),
    token,
  })
  assert.equal(finished.status, 201, JSON.stringify(finished.body))
  return finished
}

export interface AuthenticatorApp {
  secret: string
  codeAt(milliseconds: number): string
}

/** What a phone makes of the secret it was shown. */
export function authenticatorApp(secret: string, { algorithm = 'SHA1', digits = 6 } = {}): AuthenticatorApp {
  const totp = new TOTP({ secret: Secret.fromBase32(secret), algorithm, digits, period: 30 })
  return { secret, codeAt: (timestamp) => totp.generate({ timestamp }) }
}

/** Sets an authenticator app up. Moves the clock on by a step, so that its next code is a new one. */
export async function enrolTotp(app: TestServer, token: string): Promise<AuthenticatorApp> {
  let phone: AuthenticatorApp | undefined
  await enrolMethod(app, token, 'totp', ({ secret }) => {
    phone = authenticatorApp(secret)
    return { code: phone.codeAt(app.clock.now()) }
  })
  app.clock.advance(30_000)
  return phone as AuthenticatorApp
}
