import assert from 'node:assert/strict'
import { createClient, goodPassword } from '../support/client.ts'
import { type ServedProcess, serveProcess } from '../support/sumun.ts'

interface Acknowledged {
  /** E-mail addresses whose sign-up was answered. */
  accounts: Map<string, { refreshToken: string; spent: string[] }>
  ended: { refreshToken: string; accessToken: string }[]
}

export interface CrashReport {
  rounds: number
  signUps: number
  refreshes: number
  revocations: number
}

const writers = 8
const checkedPerRound = 12
const refreshesBeforeKillMin = 40
const stepsPerAccountMax = 6

/**
 * Kills a node with SIGKILL during writes, repeatedly, and checks: every confirmed sign-up, refresh and
 * revocation is stored, and no refresh token was accepted twice. With `nodes: 2`, the other node keeps
 * serving.
 */
export async function crashRounds(given: {
  environment: Record<string, string>
  rounds: number
  nodes: 1 | 2
}): Promise<CrashReport> {
  const { environment, rounds, nodes } = given
  const settings = {
    ...environment,
    SUMUN_ISSUER: 'http://127.0.0.1:1',
    SUMUN_LOG_LEVEL: 'error',
    SUMUN_REFRESH_GRACE_SECONDS: '0',
  }
  const known: Acknowledged = { accounts: new Map(), ended: [] }
  const report: CrashReport = { rounds: 0, signUps: 0, refreshes: 0, revocations: 0 }
  let victim = await serveProcess(settings)
  let survivor: ServedProcess | undefined = nodes === 2 ? await serveProcess(settings) : undefined
  for (let round = 0; round < rounds; round++) {
    const stop = { now: false }
    const targets = [victim, ...(survivor ? [survivor] : [])]
    const writing = Array.from({ length: writers }, (_, writer) =>
      write(targets[writer % targets.length] as ServedProcess, {
        known,
        report,
        stop,
        name: `r${round}w${writer}`,
      }),
    )
    const before = report.refreshes
    await until(() => report.refreshes - before >= refreshesBeforeKillMin)
    await new Promise((resolve) => setTimeout(resolve, (round * 37) % 150))
    await victim.kill()
    stop.now = true
    await Promise.all(writing)
    victim = await serveProcess(settings)
    await check(survivor ?? victim, known)
    await check(victim, known)
    if (survivor) [victim, survivor] = [survivor, victim]
    report.rounds++
  }
  for (const served of [victim, survivor]) await served?.terminate()
  return report
}

/** Signs up, refreshes and signs out in turn until the node is gone. Only what was answered is remembered. */
async function write(
  { url }: ServedProcess,
  {
    known,
    report,
    stop,
    name,
  }: { known: Acknowledged; report: CrashReport; stop: { now: boolean }; name: string },
): Promise<void> {
  const app = createClient(url)
  try {
    for (let turn = 0; !stop.now; turn++) {
      const email = `${name}t${turn}@example.com`
      const signUp = await app.post('/v1/accounts', { json: { email, password: goodPassword } })
      if (signUp.status !== 201) continue
      const account = { refreshToken: signUp.body.refresh_token as string, spent: [] as string[] }
      known.accounts.set(email, account)
      report.signUps++
      for (let step = 0; step < stepsPerAccountMax && !stop.now; step++) {
        const spending = account.refreshToken
        account.refreshToken = '' // unknown until it is answered: the write may or may not have happened
        const next = await app.post('/refresh', { json: { refresh_token: spending } })
        if (next.status !== 200) break
        account.spent.push(spending)
        account.refreshToken = next.body.refresh_token
        report.refreshes++
      }
      if (turn % 2 === 0 && account.refreshToken) {
        const ending = { refreshToken: account.refreshToken, accessToken: signUp.body.access_token as string }
        account.refreshToken = ''
        if ((await app.post('/logout', { json: { refresh_token: ending.refreshToken } })).status !== 204)
          continue
        known.ended.push(ending)
        report.revocations++
      }
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error // fetch failed: the node is gone
  }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 5) {
    assert.ok(waited < 30_000, 'the node answers nothing')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function check({ url }: ServedProcess, known: Acknowledged): Promise<void> {
  const app = createClient(url)
  for (const [email, account] of [...known.accounts].slice(-checkedPerRound)) {
    const again = await app.post('/v1/accounts', { json: { email, password: goodPassword } })
    assert.equal(again.body.code, 'identifier_taken', `${email} was answered, and is not there`)
    if (account.refreshToken) {
      const next = await app.post('/refresh', { json: { refresh_token: account.refreshToken } })
      assert.equal(next.status, 200, `the refresh token of ${email} was answered, and is not honoured`)
      account.spent.push(account.refreshToken)
      account.refreshToken = next.body.refresh_token
    }
    const spent = account.spent.at(-2)
    if (spent === undefined) continue
    assert.equal(
      (await app.post('/refresh', { json: { refresh_token: spent } })).status,
      401,
      `a spent refresh token of ${email} was honoured`,
    )
    account.refreshToken = '' // that was reuse, and ended the session
    account.spent = []
  }
  for (const { refreshToken, accessToken } of known.ended.slice(-checkedPerRound)) {
    assert.equal(
      (await app.post('/refresh', { json: { refresh_token: refreshToken } })).status,
      401,
      'a signed-out session was refreshed',
    )
    assert.equal(
      (await app.get('/protected', { token: accessToken })).status,
      401,
      'a signed-out session was let in',
    )
  }
}
