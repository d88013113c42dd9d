import assert from 'node:assert/strict'
import * as client from 'openid-client'
import type { ClientSettings } from '../../src/domain/client.ts'
import { addClient } from '../../src/engine/clients/clients.ts'
import type { SignedInUser } from './client.ts'
import type { TestServer } from './fixture.ts'
import type { Page, PageBrowser } from './page-browser.ts'

export const callback = 'https://app.example/callback'

export interface TestApplication {
  id: string
  secret: string | undefined
}

/** An application, as an operator would add it. */
export async function application(
  app: TestServer,
  metadata: Record<string, unknown> = {},
  settings: Partial<ClientSettings> = { firstParty: true },
): Promise<TestApplication> {
  const grants = ['authorization_code', 'refresh_token']
  const change = {
    metadata: { redirect_uris: [callback], grant_types: grants, client_name: 'Paper Boats', ...metadata },
    settings,
  }
  const { client, secret } = await addClient(app.running.engine, {
    change,
    check: app.running.openid.checkClient,
    actor: 'test',
  })
  return { id: client.id, secret: secret?.reveal() }
}

export const discover = (
  app: TestServer,
  { id, secret }: TestApplication,
  auth?: client.ClientAuth,
): Promise<client.Configuration> =>
  client.discovery(new URL(app.url), id, secret, auth ?? (secret === undefined ? client.None() : undefined), {
    execute: [client.allowInsecureRequests],
  })

export interface Request {
  url: string
  verifier: string
  state: string
  nonce: string
  parameters: Record<string, string>
}

export async function request(
  config: client.Configuration,
  parameters: Record<string, string> = {},
): Promise<Request> {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const all = {
    redirect_uri: callback,
    scope: 'openid email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  }
  return { url: client.buildAuthorizationUrl(config, all).href, verifier, state, nonce, parameters: all }
}

/** What the application does with the address that the browser was sent to. */
export function exchange(
  config: client.Configuration,
  { verifier, state, nonce }: Request,
  url: string,
  parameters: Record<string, string> = {},
  options: client.AuthorizationCodeGrantOptions = {},
): ReturnType<typeof client.authorizationCodeGrant> {
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  }
  return client.authorizationCodeGrant(config, new URL(url), checks, parameters, options)
}

export async function signIn(
  config: client.Configuration,
  given: {
    browser: PageBrowser
    parameters?: Record<string, string>
    user: { email: string; password: string }
  },
) {
  const asked = await request(config, given.parameters)
  const page = await signInBy(given.browser, asked.url, given.user)
  assert.ok(page.url.startsWith(callback), `${page.status} ${page.url} ${page.text}`)
  return { page, request: asked, tokens: await exchange(config, asked, page.url) }
}

/**
 * Opens an application's request, signs in with a password where that is asked for, and returns where the
 * browser ends.
 */
export async function signInBy(
  browser: PageBrowser,
  url: string,
  user: Pick<SignedInUser, 'email' | 'password'>,
): Promise<Page> {
  const first = await browser.open(url)
  if (!first.url.includes('/signin')) return first
  const second = await browser.submit(first, { username: user.email })
  return browser.submit(second, { password: user.password })
}
