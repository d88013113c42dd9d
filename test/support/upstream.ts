import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { addConnection } from '../../src/engine/connections/connections.ts'
import type { Reply } from './client.ts'
import type { TestServer } from './fixture.ts'
import type { Page, PageBrowser } from './page-browser.ts'

type Claims = Record<string, unknown>

/** What the provider does otherwise than it should, or as only this provider does. */
export interface Quirks {
  algorithm?: 'RS256' | 'ES256'
  /** Members of the discovery document; undefined removes one. */
  discovery?: Claims
  /** Parameters of the authorization response, in place of the right ones. */
  response?: Record<string, string | undefined>
  /** Claims of the ID token; undefined removes one. */
  idToken?: Claims
  /** Makes the ID token itself. */
  sign?(claims: JWTPayload, form: URLSearchParams): Promise<string>
  /** Whether the client is who it says; by default it sends the secret. */
  authenticate?(form: URLSearchParams): Promise<boolean>
  /** The reply of the token endpoint. */
  token?(reply: Claims, form: URLSearchParams): { status?: number; body: unknown }
  userinfo?(user: Claims): unknown
  /** Further paths. */
  paths?: Record<string, (user: Claims, asked: { method: string; headers: Headers; body: string }) => unknown>
  delayMilliseconds?: number
  /** Shows a page with a button before it returns. */
  asks?: boolean
}

/** An OpenID provider in the process of the test, whose user consents at once. */
export interface Upstream {
  issuer: string
  clientId: string
  secret: string
  /** Who is signed in there. */
  user: Claims
  quirks: Quirks
  /** The parameters of the last requests. */
  seen: {
    authorization?: URLSearchParams
    token?: URLSearchParams
    counts: Record<string, number>
    requests: Pick<IncomingMessage, 'method' | 'headers'>[]
  }
  privateKey: CryptoKey
  /** Follows the redirect URL of a challenge, and returns the parameters that come back. */
  answer(redirectUrl: string): Promise<Record<string, string>>
}

interface Grant {
  user: Claims
  asked: URLSearchParams
}

export async function startUpstream(t: Pick<TestContext, 'after'>, quirks: Quirks = {}): Promise<Upstream> {
  const grants = new Map<string, Grant>()
  const tokens = new Map<string, Claims>()
  const { algorithm = 'RS256' } = quirks
  const { privateKey, publicKey } = await generateKeyPair(algorithm)
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => response.writeHead(500).end(String(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const upstream: Upstream = {
    issuer,
    clientId: 'sumun',
    secret: 'the client secret of the simulator',
    user: { sub: randomUUID(), email: 'kim@example.com', email_verified: true, name: 'Kim' },
    quirks,
    seen: { counts: {}, requests: [] },
    privateKey,
    async answer(redirectUrl) {
      const reply = await fetch(redirectUrl, { redirect: 'manual' })
      const location = reply.headers.get('location')
      const text = await reply.text()
      const fields = [...text.matchAll(/name="(\w+)" value="([^"]*)"/g)]
      if (fields.length > 0)
        return Object.fromEntries(fields.map(([, name, value]) => [name, value?.replaceAll('&quot;', '"')]))
      if (location === null) throw new Error(`the simulator answered ${reply.status} ${text}`)
      return Object.fromEntries(new URL(location).searchParams)
    },
  }

  const json = (response: ServerResponse, body: unknown, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer)
    const { counts } = upstream.seen
    counts[url.pathname] = (counts[url.pathname] ?? 0) + 1
    upstream.seen.requests.push(request)
    const { quirks, user } = upstream
    if (quirks.delayMilliseconds)
      await new Promise((resolve) => setTimeout(resolve, quirks.delayMilliseconds))
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(response, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          userinfo_endpoint: `${issuer}/userinfo`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: [algorithm],
          authorization_response_iss_parameter_supported: true,
          ...quirks.discovery,
        })
      case '/jwks':
        return json(response, {
          keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: algorithm, use: 'sig' }],
        })
      case '/authorize':
        return authorize(url.searchParams, response)
      case '/token':
        return exchange(new URLSearchParams(await bodyOf(request)), response)
      case '/userinfo': {
        const known = tokens.get(request.headers.authorization?.replace('Bearer ', '') ?? '')
        return known ? json(response, quirks.userinfo?.(known) ?? known) : json(response, {}, 401)
      }
    }
    const further = quirks.paths?.[url.pathname]
    if (!further) return json(response, { error: 'not_found' }, 404)
    const { method = '' } = request
    const headers = new Headers(request.headers as Record<string, string>)
    return json(response, further(user, { method, headers, body: await bodyOf(request) }))
  }

  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    upstream.seen.authorization = asked
    const code = randomUUID()
    grants.set(code, { user: { ...upstream.user }, asked })
    const back = new URL(asked.get('redirect_uri') ?? '')
    const values = { code, state: asked.get('state') ?? '', iss: issuer, ...upstream.quirks.response }
    for (const [name, value] of Object.entries(values))
      if (value !== undefined) back.searchParams.set(name, value)
    if (asked.get('response_mode') === 'form_post') {
      const fields = [...back.searchParams].map(
        ([name, value]) => `<input type="hidden" name="${name}" value="${value.replaceAll('"', '&quot;')}">`,
      )
      response.writeHead(200, { 'content-type': 'text/html' })
      return void response.end(
        `<!doctype html><title>Provider</title><form method="post" action="${back.origin}${back.pathname}">${fields.join('')}</form><script>document.forms[0].submit()</script>`,
      )
    }
    if (!upstream.quirks.asks) return void response.writeHead(302, { location: back.href }).end()
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end(
      `<!doctype html><title>Provider</title><a id="agree" href="${back.href.replaceAll('&', '&amp;')}">Agree</a>`,
    )
  }

  async function exchange(form: URLSearchParams, response: ServerResponse): Promise<void> {
    upstream.seen.token = form
    const grant = grants.get(form.get('code') ?? '')
    grants.delete(form.get('code') ?? '')
    const isProved = ({ asked }: Grant) => [null, challenge].includes(asked.get('code_challenge'))
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const { authenticate = async () => form.get('client_secret') === upstream.secret } = upstream.quirks
    if (form.get('client_id') !== upstream.clientId || !(await authenticate(form)))
      return json(response, { error: 'invalid_client' }, 401)
    if (form.get('grant_type') === 'refresh_token')
      return json(response, { access_token: `of ${form.get('refresh_token')}`, token_type: 'Bearer' })
    if (!grant || !isProved(grant) || form.get('redirect_uri') !== grant.asked.get('redirect_uri'))
      return json(response, { error: 'invalid_grant' }, 400)
    const accessToken = randomUUID()
    tokens.set(accessToken, grant.user)
    const now = Math.floor(Date.now() / 1000)
    const nonce = grant.asked.get('nonce')
    const claims = defined({
      ...{ iss: issuer, aud: upstream.clientId, iat: now, exp: now + 300, auth_time: now },
      ...(nonce !== null && { nonce }),
      ...grant.user,
      ...upstream.quirks.idToken,
    })
    const sign = upstream.quirks.sign ?? signed
    const idToken = await sign(claims as JWTPayload, form)
    const reply = { access_token: accessToken, token_type: 'Bearer', expires_in: 300, id_token: idToken }
    const { status = 200, body } = upstream.quirks.token?.(reply, form) ?? { body: reply }
    json(response, body, status)
  }

  const signed = (claims: JWTPayload): Promise<string> =>
    new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid: 'one' }).sign(privateKey)

  return upstream
}

const defined = (claims: Claims): Claims =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Of a simulator without OpenID Connect. */
export const endpointsOf = (issuer: string, profile = '/userinfo'): Record<string, unknown> => ({
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  profile_endpoint: `${issuer}${profile}`,
})

/** The same, with a profile like that of userinfo. */
export const oauth2Settings = (issuer: string): Record<string, unknown> => ({
  ...endpointsOf(issuer),
  ...{ scope: 'profile', subject: '/sub', email: '/email', email_verified: '/email_verified', name: '/name' },
})

/** A connection of this server to it. Returns its slug. */
export async function connect(
  { running: { engine } }: TestServer,
  { issuer, clientId, secret }: Pick<Upstream, 'issuer' | 'clientId' | 'secret'>,
  change: Partial<Parameters<typeof addConnection>[1]> = {},
): Promise<string> {
  const { slug } = await addConnection(engine, {
    ...{ preset: 'oidc', slug: 'up', names: { en: 'Upstream', ko: '위쪽', ja: '上流' }, clientId, secret },
    ...{ emailTrust: 'flag', actor: 'system' },
    ...change,
    settings: { issuer, authentication: 'client_secret_post', ...change.settings },
  })
  return slug
}

/** A program's sign-in: an attempt, the redirect URL, and the answer that comes back. */
export async function signInUpstream(
  app: TestServer,
  upstream: Upstream,
  {
    slug = 'up',
    method = 'oidc',
    change = (answer) => answer,
  }: {
    slug?: string
    method?: string
    change?: (answer: Record<string, string>) => Record<string, string>
  } = {},
): Promise<Reply> {
  const { body: attempt } = await app.post('/v1/attempts', { json: { purpose: 'sign-in' } })
  const begun = await app.post(`/v1/attempts/${attempt.id}/${method}`, { json: { connection: slug } })
  if (begun.status !== 200) return begun
  const answer = change(await upstream.answer(begun.body.challenge.redirect_url))
  return app.post(`/v1/attempts/${attempt.id}/${method}/answer`, { json: answer })
}

/** In a browser: from the provider's page, back to ours. */
export async function comeBack(
  app: TestServer,
  browser: PageBrowser,
  upstream: Upstream,
  { page, slug = 'up' }: { page: Page; slug?: string },
): Promise<Page> {
  if (!page.url.startsWith(upstream.issuer))
    throw new Error(`not at the provider, but at ${page.url}: ${page.text}`)
  const answer = new URLSearchParams(await upstream.answer(page.url))
  const back = await browser.open(`${app.url}/v1/callback/${slug}?${answer}`)
  const action = /action="([^"]*\/callback\/[^"]*)"/.exec(back.text)?.[1]
  return action === undefined ? back : browser.submit(back, {}, action)
}
