import { createHash } from 'node:crypto'
import { addClient } from '../../src/engine/clients.ts'
import { encodeStatusList } from '../../src/engine/status-list.ts'
import { alternately, startPeer } from '../load.ts'
import { account, type Ours, startOurs, withEngine } from '../ours.ts'
import type { Row, RunOptions } from '../table.ts'

const connections = 64
const callback = 'https://app.example/callback'

/** Tokens for programs, beside the library alone; somebody who is signed in, led through the code flow; how large a status list is. */
export async function providerRows(options: RunOptions): Promise<Row[]> {
  const ours = await startOurs()
  const bare = await startPeer(process.execPath, ['bench/limits/oidc-provider.ts'])
  try {
    const { id, secret } = await registered(ours)
    const load = (url: string, path: string, credentials: string, resource = '') => ({
      url: url + path,
      seconds: options.seconds,
      connections,
      headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
      script: `wrk.method = "POST"\nwrk.body = "grant_type=client_credentials${resource}"\nwrk.headers["Content-Type"] = "application/x-www-form-urlencoded"`,
    })
    const bareCredentials = 'bench:bench-secret-bench-secret-bench-secret'
    const measured = await alternately({
      ours: load(ours.url, '/oauth/token', `${id}:${secret}`),
      opaque: load(bare.url, '/token', bareCredentials),
      signed: load(bare.url, '/token', bareCredentials, '&resource=https%3A%2F%2Fapi.example%2F'),
    })
    const what = 'client-credentials tokens, signed, one process'
    const common = { what, unit: '/s', ours: measured.ours.perSecond, errors: measured.ours.errors }
    const flows = await codeFlows(ours, { ...options, id, secret })
    return [
      { ...common, beside: 'oidc-provider alone, in memory, opaque tokens', theirs: measured.opaque.perSecond, goal: 0.75 },
      { ...common, beside: 'oidc-provider alone, in memory, signed tokens', theirs: measured.signed.perSecond, goal: null },
      {
        what: 'code flow of somebody signed in (authorize, then token)',
        unit: '/s',
        ours: flows,
        beside: 'client-credentials tokens of ours',
        theirs: measured.ours.perSecond,
        goal: null,
        errors: 0,
      },
      listRow(),
    ]
  } finally {
    await ours.stop()
    await bare.stop()
  }
}

async function registered(ours: Ours): Promise<{ id: string; secret: string }> {
  return withEngine(ours, async ({ engine, openid }) => {
    const metadata = { grant_types: ['client_credentials', 'authorization_code', 'refresh_token'], redirect_uris: [callback] }
    const change = { metadata, settings: { firstParty: true } }
    const { client, secret } = await addClient(engine, { change, check: openid.checkClient, actor: 'bench' })
    return { id: client.id, secret: secret?.reveal() ?? '' }
  })
}

/** Each with the cookies of its own browser; two requests a flow. */
async function codeFlows({ url }: Ours, { seconds, id, secret }: RunOptions & { id: string; secret: string }): Promise<number> {
  const verifier = 'v'.repeat(43)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const parameters = {
    client_id: id,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  let [made, isOver] = [0, false]

  async function oneBrowser(): Promise<void> {
    const cookies = new Map<string, string>()
    const go = async (address: string): Promise<string> => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const reply = await fetch(address, { redirect: 'manual', headers: { cookie, 'sec-fetch-site': 'none' } })
      for (const line of reply.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        cookies.set(name, value)
      }
      await reply.arrayBuffer()
      return new URL(reply.headers.get('location') ?? address, address).href
    }
    const signedIn = await fetch(`${url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ username: account.email, password: account.password }),
    })
    for (const line of signedIn.headers.getSetCookie()) cookies.set(line.slice(0, line.indexOf('=')), /=([^;]*)/.exec(line)?.[1] ?? '')
    const start = `${url}/oauth/authorize?${new URLSearchParams(parameters)}`
    while (!isOver) {
      let at = start
      for (let hops = 0; hops < 5 && !at.startsWith(callback); hops++) at = await go(at)
      const code = new URL(at).searchParams.get('code') ?? ''
      const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier })
      const reply = await fetch(`${url}/oauth/token`, { method: 'POST', headers: { authorization }, body })
      if (!reply.ok) throw new Error(`the code flow ended with ${reply.status} ${await reply.text()} at ${at}`)
      await reply.arrayBuffer()
      made++
    }
  }

  const browsers = Array.from({ length: 16 }, oneBrowser)
  const startedAt = performance.now()
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  isOver = true
  await Promise.all(browsers)
  return made / ((performance.now() - startedAt) / 1000)
}

/** A million tokens, one in a hundred revoked, anywhere. */
function listRow(): Row {
  const revoked = new Set<number>()
  for (let seed = 1; revoked.size < 10_000; seed = (seed * 48_271) % 2_147_483_647) revoked.add(seed % 1_000_000)
  const kilobytes = encodeStatusList([...revoked]).length / 1000
  return {
    what: 'status list of a million tokens, 1 % revoked',
    unit: ' KB',
    ours: kilobytes,
    beside: 'the goal',
    theirs: 200,
    goal: 1,
    lowerIsBetter: true,
    errors: 0,
  }
}
