import { join } from 'node:path'
import { addConnection } from '../../src/engine/connections/connections.ts'
import { systemRequester } from '../../src/engine/request-context.ts'
import { beginChallenge } from '../../src/engine/sign-in/begin-challenge.ts'
import { openAttempt, plainRequest } from '../../src/engine/sign-in/open-attempt.ts'
import { answerUpstream } from '../../src/engine/sign-up/newcomer.ts'
import type { Installation } from '../../src/installation.ts'
import { createParts } from '../limits/callback-parts.ts'
import { type Peer, startPeer } from '../load.ts'
import { post, startEmpty, withEngine } from '../ours.ts'
import { median, type Row, type RunOptions } from '../table.ts'

const [atOnce, users, rounds, perSecond] = [32, 50, 3, 250]

interface Answer {
  attempt: string
  json: { state: string; code: string }
}

/** Answers of an upstream provider, beside what its token call, one verification and one durable row cost alone. */
export async function upstreamRows({ seconds, folder }: RunOptions): Promise<Row[]> {
  let bare: Peer | undefined
  const ours = await startEmpty()
  const provider = await startPeer(process.execPath, ['bench/limits/upstream.ts'])
  try {
    const batch = Math.max(200, Math.round((seconds * perSecond) / rounds))
    const answers = await withEngine(ours, (installation) =>
      prepare(installation, provider.url, batch * rounds),
    )
    const alone = await createParts(provider.url, join(folder, 'alone.sqlite'))
    bare = await startPeer(process.execPath, ['bench/limits/callback-server.ts'], {
      BENCH_ISSUER: provider.url,
      BENCH_DATABASE: join(folder, 'bare.sqlite'),
    })
    const { url } = bare
    const [mine, theirs, served]: [number[], number[], number[]] = [[], [], []]
    for (let round = 0; round < rounds; round++) {
      const part = answers.slice(round * batch, (round + 1) * batch)
      theirs.push(await rateOf(part, ({ json }) => alone(json.code)))
      served.push(await rateOf(part, ({ json }) => post(url, '/', json)))
      mine.push(
        await rateOf(part, ({ attempt, json }) =>
          post(ours.url, `/v1/attempts/${attempt}/oidc/answer`, json),
        ),
      )
    }
    const row = {
      what: 'sign-ins by an upstream provider, known users, durable on SQLite',
      unit: '/s',
      ours: median(mine),
      errors: 0,
    }
    const parts = 'the token call, one ES256 verification and one durable row'
    return [
      { ...row, beside: `${parts}, alone`, theirs: median(theirs), goal: 0.6 },
      { ...row, beside: `a bare server that does ${parts}`, theirs: median(served), goal: null },
    ]
  } finally {
    await bare?.stop()
    await ours.stop()
    await provider.stop()
  }
}

/** Attempts whose users are back from the provider. Each comes from a source of its own, against the limits. */
async function prepare({ engine }: Installation, issuer: string, count: number): Promise<Answer[]> {
  await addConnection(engine, {
    ...{ preset: 'oidc', slug: 'bench', clientId: 'bench', secret: 'bench', emailTrust: 'never' },
    settings: { issuer, authentication: 'client_secret_post' },
    actor: 'bench',
  })
  const method = engine.methods.get('oidc')
  const begun = async (index: number) => {
    const requester = { ...systemRequester(engine), source: `bench-${index}` }
    const request = { ...plainRequest }
    const { attempt } = await openAttempt(engine, { purpose: 'sign-in', request, requester, browser: '' })
    const asked = { connection: 'bench' }
    const { redirect_url: url } = await beginChallenge(engine, { attempt, method, requester, asked })
    const { searchParams } = new URL(String(url))
    const code = `${searchParams.get('nonce')}.user-${index % users}`
    return { attempt, requester, answer: { state: searchParams.get('state') ?? '', code } }
  }
  for (let index = 0; index < users; index++)
    await answerUpstream(engine, { ...(await begun(index)), isNew: false, method })
  const answers: Answer[] = []
  for (let index = 0; index < count; index++) {
    const { attempt, answer } = await begun(index)
    answers.push({ attempt: attempt.id, json: answer })
  }
  return answers
}

/** A second, with a number at once. */
async function rateOf(
  answers: readonly Answer[],
  work: (answer: Answer) => Promise<unknown>,
): Promise<number> {
  const rest = [...answers]
  const startedAt = performance.now()
  const worker = async (): Promise<void> => {
    for (let next = rest.pop(); next; next = rest.pop()) await work(next)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return answers.length / ((performance.now() - startedAt) / 1000)
}
