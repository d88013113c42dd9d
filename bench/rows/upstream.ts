import { createPublicKey, verify } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { addConnection } from '../../src/engine/connections/connections.ts'
import { systemRequester } from '../../src/engine/request-context.ts'
import { beginChallenge } from '../../src/engine/sign-in/begin-challenge.ts'
import { openAttempt, plainRequest } from '../../src/engine/sign-in/open-attempt.ts'
import { answerUpstream } from '../../src/engine/sign-up/newcomer.ts'
import type { Installation } from '../../src/installation.ts'
import { startPeer } from '../load.ts'
import { post, startEmpty, withEngine } from '../ours.ts'
import { median, type Row, type RunOptions } from '../table.ts'

const [atOnce, users, rounds, perSecond] = [32, 50, 3, 250]

interface Answer {
  attempt: string
  json: { state: string; code: string }
}

/** Answers of an upstream provider, beside what its token call, one verification and one durable row cost alone. */
export async function upstreamRows({ seconds, folder }: RunOptions): Promise<Row[]> {
  const ours = await startEmpty()
  const provider = await startPeer(process.execPath, ['bench/limits/upstream.ts'])
  try {
    const batch = Math.max(200, Math.round((seconds * perSecond) / rounds))
    const answers = await withEngine(ours, (installation) =>
      prepare(installation, provider.url, batch * rounds),
    )
    const alone = await createAlone(provider.url, join(folder, 'alone.sqlite'))
    const [mine, theirs]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      const part = answers.slice(round * batch, (round + 1) * batch)
      theirs.push(await rateOf(part, ({ json }) => alone(json.code)))
      mine.push(
        await rateOf(part, ({ attempt, json }) =>
          post(ours.url, `/v1/attempts/${attempt}/oidc/answer`, json),
        ),
      )
    }
    return [
      {
        what: 'sign-ins by an upstream provider, known users, durable on SQLite',
        unit: '/s',
        ours: median(mine),
        beside: 'the token call, one ES256 verification and one durable row, alone',
        theirs: median(theirs),
        goal: 0.6,
        errors: 0,
      },
    ]
  } finally {
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

async function createAlone(issuer: string, path: string): Promise<(code: string) => Promise<void>> {
  const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: [object] }
  const key = {
    key: createPublicKey({ key: keys[0] as never, format: 'jwk' }),
    dsaEncoding: 'ieee-p1363' as const,
  }
  const database = new DatabaseSync(path)
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE row (id TEXT PRIMARY KEY, text TEXT)',
  )
  const insert = database.prepare('INSERT INTO row VALUES (?, ?)')
  return async (code) => {
    const reply = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        client_id: 'bench',
        client_secret: 'bench',
      }),
    })
    const { id_token: token } = (await reply.json()) as { id_token: string }
    const at = token.lastIndexOf('.')
    if (
      !verify('sha256', Buffer.from(token.slice(0, at)), key, Buffer.from(token.slice(at + 1), 'base64url'))
    )
      throw new Error('the ID token does not verify')
    insert.run(code, token)
  }
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
