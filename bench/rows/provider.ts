import { addClient } from '../../src/engine/clients/clients.ts'
import { encodeStatusList } from '../../src/engine/sessions/status-list.ts'
import { codeFlows, type FlowTarget } from '../code-flow.ts'
import { alternately, type Peer, startPeer } from '../load.ts'
import { account, type Ours, startOurs, withEngine } from '../ours.ts'
import { median, type Row, type RunOptions } from '../table.ts'

const connections = 64
const callback = 'https://app.example/callback'
const bareSecret = 'bench-secret-bench-secret-bench-secret'
const rounds = 3

/**
 * Client credentials beside the library alone; the code flow of a signed-in user; the size of a status list.
 */
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
    const bareCredentials = `bench:${bareSecret}`
    const measured = await alternately({
      ours: load(ours.url, '/oauth/token', `${id}:${secret}`),
      opaque: load(bare.url, '/token', bareCredentials),
      signed: load(bare.url, '/token', bareCredentials, '&resource=https%3A%2F%2Fapi.example%2F'),
    })
    const what = 'client-credentials tokens, signed, one process'
    const common = { what, unit: '/s', ours: measured.ours.perSecond, errors: measured.ours.errors }
    const flows = await codeFlowRow(ours, bare, { ...options, id, secret })
    return [
      {
        ...common,
        beside: 'oidc-provider alone, in memory, opaque tokens',
        theirs: measured.opaque.perSecond,
        goal: 0.9,
      },
      {
        ...common,
        beside: 'oidc-provider alone, in memory, signed tokens',
        theirs: measured.signed.perSecond,
        goal: 1.2,
      },
      flows,
      listRow(),
    ]
  } finally {
    await ours.stop()
    await bare.stop()
  }
}

async function registered(ours: Ours): Promise<{ id: string; secret: string }> {
  return withEngine(ours, async ({ engine, openid }) => {
    const metadata = {
      grant_types: ['client_credentials', 'authorization_code'],
      redirect_uris: [callback],
      id_token_signed_response_alg: 'ES256',
    }
    const change = { metadata, settings: { firstParty: true } }
    const { client, secret } = await addClient(engine, { change, check: openid.checkClient, actor: 'bench' })
    return { id: client.id, secret: secret?.reveal() ?? '' }
  })
}

/** The same two requests of browsers that are signed in, at both by turns; the medians. */
async function codeFlowRow(
  ours: Ours,
  bare: Peer,
  { seconds, id, secret }: RunOptions & { id: string; secret: string },
): Promise<Row> {
  const mine: FlowTarget = {
    ...{ url: ours.url, base: '/oauth', authorizePath: '/authorize', client: { id, secret } },
    async signIn() {
      const reply = await fetch(`${ours.url}/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({ username: account.email, password: account.password }),
      })
      return new Map(
        reply.headers
          .getSetCookie()
          .map((line) => [line.slice(0, line.indexOf('=')), /=([^;]*)/.exec(line)?.[1] ?? '']),
      )
    },
  }
  const theirs: FlowTarget = {
    url: bare.url,
    base: '',
    authorizePath: '/auth',
    client: { id: 'flow', secret: bareSecret },
  }
  const [ourRates, theirRates]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    ourRates.push(await codeFlows(mine, seconds / rounds))
    theirRates.push(await codeFlows(theirs, seconds / rounds))
  }
  return {
    what: 'code flow of a signed-in user (authorize, then token), durable on SQLite',
    unit: '/s',
    ours: median(ourRates),
    beside: 'oidc-provider alone, in memory, the same two calls',
    theirs: median(theirRates),
    goal: 0.7,
    errors: 0,
  }
}

/** A million tokens, one in a hundred revoked, anywhere. */
function listRow(): Row {
  const revoked = new Set<number>()
  for (let seed = 1; revoked.size < 10_000; seed = (seed * 48_271) % 2_147_483_647)
    revoked.add(seed % 1_000_000)
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
