import { toNumericDate } from '../../src/domain/clock.ts'
import { account, type Ours, post, withEngine } from '../ours.ts'
import { calls, type Place } from './calls.ts'

export interface Compared {
  what: string
  small: Latency
  large: Latency
}
export interface Latency {
  p50: number
  p99: number
}

const accountsKnown = 200
const warmUps = 3 // of each: what is loaded when it is first used

/** Looks around at a running server. */
export async function placeAt(server: Pick<Ours, 'url' | 'environment'>): Promise<Place> {
  const adminToken = await withEngine(server, ({ engine }) => {
    const iat = toNumericDate(engine.clock.now())
    const { issuer: iss, audience: aud } = engine.settings
    const claims = {
      iss,
      aud,
      iat,
      exp: iat + 86_400,
      sub: 'bench',
      client_id: 'bench',
      jti: 'bench',
      scope: 'admin',
    }
    return engine.keyRing.sign(claims as unknown as Parameters<typeof engine.keyRing.sign>[0])
  })
  const headers = { authorization: `Bearer ${adminToken}` }
  const list = async (path: string) => (await fetch(`${server.url}/v1/admin/${path}`, { headers })).json()
  const { accounts } = (await list(`accounts?search=person-0000&limit=${accountsKnown}`)) as {
    accounts: { id: string }[]
  }
  const { events } = (await list(`events?subject=${accounts[0]?.id}`)) as { events: { id: string }[] }
  const person = (await post(server.url, '/login', {
    username: account.email,
    password: account.password,
  })) as Place['person']
  return {
    url: server.url,
    adminToken,
    person,
    accounts: accounts.map(({ id }) => id),
    middleEvent: events[0]?.id ?? '',
  }
}

/** Every call in turn at both places, one at a time, so that what else the machine does meets both alike. */
export async function compare(
  small: Place,
  large: Place,
  { times, only }: { times: number; only?: RegExp | undefined },
): Promise<Compared[]> {
  const compared: Compared[] = []
  const chosen = Object.entries(calls).filter(([what]) => !only || only.test(what))
  for (const [, call] of chosen)
    for (let time = 0; time < warmUps; time++) await Promise.all([call(small), call(large)])
  for (const [what, call] of chosen) {
    const taken = { small: [] as number[], large: [] as number[] }
    for (let time = 0; time < times; time++) {
      for (const side of time % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const)) {
        const startedAt = performance.now()
        await call(side === 'small' ? small : large)
        taken[side].push(performance.now() - startedAt)
      }
    }
    compared.push({ what, small: latencyOf(taken.small), large: latencyOf(taken.large) })
  }
  return compared
}

function latencyOf(taken: number[]): Latency {
  const sorted = taken.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number
  return { p50: at(0.5), p99: at(0.99) }
}
