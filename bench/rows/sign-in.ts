import { hashesPerSecond } from '../limits/argon2.ts'
import { drive, type Measured } from '../load.ts'
import { account, startOurs } from '../ours.ts'
import type { Row, RunOptions } from '../table.ts'

const ourCost = { memoryKibibytes: 19_456, passes: 2 }
const keycloakCost = { memoryKibibytes: 7_168, passes: 5 }
const connections = 32
const rounds = 3 // in turn, so that whatever else the machine does meets both

export const signInScript = (body: string, type = 'application/json'): string =>
  `wrk.method = "POST"\nwrk.headers["Content-Type"] = "${type}"\nwrk.body = '${body}'`

/**
 * Password sign-ins beside how many argon2id hashes the machine makes when it does nothing else, and what
 * others feel meanwhile.
 */
export async function signInRows({ seconds }: RunOptions): Promise<Row[]> {
  const keycloak = await hashesPerSecond(keycloakCost, seconds)
  const ours = await startOurs()
  try {
    const body = JSON.stringify({ username: account.email, password: account.password })
    const load = drive({
      url: `${ours.url}/login`,
      seconds: seconds + 2,
      connections,
      script: signInScript(body),
    })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const others = await drive({ url: `${ours.url}/healthz`, seconds, connections: 1 })
    const meanwhile = await drive({
      url: `${ours.url}/protected`,
      seconds: 1,
      connections: 1,
      headers: { authorization: `Bearer ${ours.accessToken}` },
    })
    const measured = await load
    const [limits, signIns]: [number[], Measured[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      limits.push(await hashesPerSecond(ourCost, seconds / rounds))
      signIns.push(
        await drive({
          url: `${ours.url}/login`,
          seconds: Math.max(1, Math.round(seconds / rounds)),
          connections,
          script: signInScript(body),
        }),
      )
    }
    const limit = limits.sort((a, b) => a - b)[1] as number
    const alone = signIns.sort((a, b) => a.perSecond - b.perSecond)[1] as Measured
    return [
      {
        what: 'password sign-in (argon2id, 19 MiB, 2 passes)',
        unit: '/s',
        ours: alone.perSecond,
        beside: "the machine's argon2id rate",
        theirs: limit,
        goal: 0.95,
        errors: alone.errors,
      },
      {
        what: 'p99 of other calls meanwhile',
        unit: ' ms',
        ours: Math.max(others.p99Milliseconds, meanwhile.p99Milliseconds),
        beside: 'the goal',
        theirs: 15,
        goal: 1,
        lowerIsBetter: true,
        errors: others.errors + measured.errors,
      },
      {
        what: "argon2id as Keycloak has it (7 MiB, 5 passes): this machine's rate, for its sizing guide",
        unit: '/s',
        ours: keycloak,
        beside: 'as we have it',
        theirs: limit,
        goal: null,
        errors: 0,
      },
    ]
  } finally {
    await ours.stop()
  }
}
