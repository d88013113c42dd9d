import { createHash } from 'node:crypto'
import { Agent, request } from 'node:http'

const callback = 'https://app.example/callback'
const browsersMax = 16
const verifier = 'v'.repeat(43)
const challenge = createHash('sha256').update(verifier).digest('base64url')

/** Where a provider answers, and the client that asks. */
export interface FlowTarget {
  url: string
  /** `/oauth` or nothing. */
  base: string
  authorizePath: string
  client: { id: string; secret: string }
  /** Cookies of a signed-in browser; none if the provider signs every request in. */
  signIn?(): Promise<Map<string, string>>
}

interface Reply {
  status: number
  location: string | undefined
  cookies: string[]
  text: string
}

/** By node:http, whose own cost is small beside a server's. */
function send(
  agent: Agent,
  url: string,
  given: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = given
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method, headers }, (reply) => {
      let text = ''
      reply.setEncoding('utf8').on('data', (part) => (text += part))
      reply.on('end', () =>
        resolve({
          status: reply.statusCode ?? 0,
          location: reply.headers.location,
          cookies: reply.headers['set-cookie'] ?? [],
          text,
        }),
      )
    })
    asked.on('error', reject).end(body)
  })
}

/**
 * Code flows of browsers that are signed in: two requests each, authorize and token. Returns how many a
 * second.
 */
export async function codeFlows(target: FlowTarget, seconds: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: browsersMax })
  const parameters = new URLSearchParams({
    ...{ client_id: target.client.id, redirect_uri: callback, response_type: 'code', scope: 'openid' },
    ...{ code_challenge: challenge, code_challenge_method: 'S256' },
  })
  const start = `${target.url}${target.base}${target.authorizePath}?${parameters}`
  const authorization = `Basic ${Buffer.from(`${target.client.id}:${target.client.secret}`).toString('base64')}`
  let [made, counts, isOver] = [0, false, false]

  async function oneBrowser(): Promise<void> {
    const cookies = (await target.signIn?.()) ?? new Map<string, string>()
    while (!isOver) {
      let at = start
      for (let hops = 0; hops < 6 && !at.startsWith(callback); hops++) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        const reply = await send(agent, at, { headers: { cookie, 'sec-fetch-site': 'none' } })
        for (const line of reply.cookies) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
          cookies.set(name, value)
        }
        if (reply.location === undefined)
          throw new Error(`${at} answered ${reply.status}: ${reply.text.slice(0, 200)}`)
        at = reply.location.replace(/^http:\/\/127\.0\.0\.1\//, `${target.url}/`)
        if (at.startsWith('/')) at = target.url + at
      }
      const code = new URL(at).searchParams.get('code') ?? ''
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: callback,
        code_verifier: verifier,
      })
      const reply = await send(agent, `${target.url}${target.base}/token`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body: body.toString(),
      })
      if (reply.status !== 200)
        throw new Error(`the code flow ended with ${reply.status} ${reply.text} at ${at}`)
      if (counts) made++
    }
  }

  const browsers = Array.from({ length: browsersMax }, oneBrowser)
  const failed = Promise.all(browsers)
  // all browsers are signed in by then
  await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, 2_000))])
  counts = true
  const startedAt = performance.now()
  await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, seconds * 1000))])
  const took = (performance.now() - startedAt) / 1000
  isOver = true
  await failed
  agent.destroy()
  return made / took
}
