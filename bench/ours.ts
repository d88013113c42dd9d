import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toNumericDate } from '../src/domain/clock.ts'
import { isSessionId } from '../src/domain/id.ts'
import { type Installation, openInstallation } from '../src/installation.ts'
import { createLog } from '../src/log.ts'
import { methods } from '../src/methods/index.ts'
import { readSettings } from '../src/settings/read.ts'
import { type Peer, startPeer } from './load.ts'

export const account = { email: 'bench@example.com', password: 'copper lantern under the pier' }

export interface Ours extends Peer {
  accessToken: string
  environment: Record<string, string>
}

/** Our server as `npm start` runs it, over an empty data folder that goes away with it. */
export async function startEmpty(
  settings: Record<string, string> = {},
): Promise<Peer & { environment: Record<string, string> }> {
  const data = mkdtempSync(join(tmpdir(), 'sumun-bench-'))
  const environment = { SUMUN_DATA: data, SUMUN_PORT: '0', SUMUN_LOG_LEVEL: 'error', ...settings }
  const peer = await startPeer(
    process.execPath,
    ['--max-semi-space-size=2', 'bin/sumun.js', 'start'],
    environment,
  )
  return {
    ...peer,
    environment,
    async stop() {
      await peer.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** The same with one account; over PostgreSQL where a URL is given. */
export async function startOurs(settings: Record<string, string> = {}): Promise<Ours> {
  const peer = await startEmpty(settings)
  const { access_token: accessToken } = (await post(peer.url, '/v1/accounts', account)) as {
    access_token: string
  }
  return { ...peer, accessToken }
}

export async function post(url: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

/** The engine of a running server, opened beside it over the same database. */
export async function withEngine<Result>(
  { environment, url }: Pick<Ours, 'environment' | 'url'>,
  work: (installation: Installation) => Promise<Result> | Result,
): Promise<Result> {
  const settings = await readSettings({ methods, environment, flags: {} })
  const installation = await openInstallation({
    settings,
    issuer: url,
    log: await createLog({ level: 'silent', output: process.stderr }),
  })
  try {
    await installation.engine.keyRing.load()
    return await work(installation)
  } finally {
    await installation.close()
  }
}

/** Access tokens that the running server has never seen, each different, signed with its own key. */
export const freshTokens = (ours: Ours, count: number): Promise<string[]> =>
  withEngine(ours, ({ engine }) => {
    const { sid, sub, status } = JSON.parse(
      Buffer.from(ours.accessToken.split('.')[1] as string, 'base64url').toString(),
    )
    if (!isSessionId(sid)) throw new Error('the access token names no session')
    const iat = toNumericDate(engine.clock.now())
    const { issuer, audience } = engine.settings
    const common = {
      iss: issuer,
      sub,
      aud: audience,
      exp: iat + 3600,
      iat,
      client_id: 'sumun',
      scope: 'account',
      auth_time: iat,
    }
    return Array.from({ length: count }, (_, index) =>
      engine.keyRing.sign({ ...common, jti: `bench-${index}`, acr: 'aal1', amr: ['pwd'], sid, status }),
    )
  })
