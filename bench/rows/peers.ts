import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { drive, type Peer, residentMegabytes, startPeer } from '../load.ts'
import { account, type Ours, post, startOurs } from '../ours.ts'
import type { Row, RunOptions } from '../table.ts'
import { signInScript } from './sign-in.ts'

const peers = join(import.meta.dirname, '../peers')

/**
 * The tutorial this grew out of, and better-auth, under the same load as ours; each is left out by name where
 * it is not installed.
 */
export async function peerRows(options: RunOptions): Promise<Row[]> {
  return [...(await againstFastApi(options)), ...(await againstBetterAuth(options))]
}

async function againstFastApi({ seconds, note }: RunOptions): Promise<Row[]> {
  const python = '/usr/bin/python3'
  const peer = await startPeer(python, [join(peers, 'fastapi_tutorial.py')]).catch((error: Error) => {
    note(`FastAPI is left out: ${error.message.split('\n').at(-2) ?? error.message}`)
    return undefined
  })
  if (!peer) return []
  const ours = await startOurs()
  try {
    const form = `grant_type=password&username=${encodeURIComponent(account.email)}&password=${encodeURIComponent(account.password)}`
    const response = await fetch(`${peer.url}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form,
    })
    const { access_token: token } = (await response.json()) as { access_token: string }
    const theirs = await drive({
      url: `${peer.url}/protected`,
      seconds,
      connections: 64,
      headers: { authorization: `Bearer ${token}` },
    })
    const own = await driveProtected(ours, seconds)
    const script = signInScript(form, 'application/x-www-form-urlencoded')
    const theirSignIns = await drive({ url: `${peer.url}/login`, seconds, connections: 16, script })
    const ownSignIns = await drive({ url: `${ours.url}/login`, seconds, connections: 16, script })
    return [
      {
        what: 'GET /protected',
        unit: '/s',
        ours: own.perSecond,
        beside: 'the FastAPI tutorial (HS256, one uvicorn process)',
        theirs: theirs.perSecond,
        goal: null,
        errors: own.errors + theirs.errors,
      },
      {
        what: 'password sign-in',
        unit: '/s',
        ours: ownSignIns.perSecond,
        beside: 'the FastAPI tutorial (bcrypt, 12 rounds)',
        theirs: theirSignIns.perSecond,
        goal: null,
        errors: ownSignIns.errors + theirSignIns.errors,
      },
    ]
  } finally {
    await Promise.all([ours.stop(), peer.stop()])
  }
}

async function againstBetterAuth({ seconds, note }: RunOptions): Promise<Row[]> {
  if (!existsSync(join(peers, 'better-auth/node_modules/better-auth'))) {
    note('better-auth is left out: `npm ci --prefix bench/peers/better-auth` installs it')
    return []
  }
  const peer: Peer = await startPeer(process.execPath, [join(peers, 'better-auth/server.ts')])
  const ours = await startOurs()
  try {
    const signUp = await fetch(`${peer.url}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: peer.url },
      body: JSON.stringify({ ...account, name: 'bench' }),
    })
    const cookie = signUp.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const theirs = await drive({
      url: `${peer.url}/api/auth/get-session`,
      seconds,
      connections: 64,
      headers: { cookie },
    })
    const own = await driveProtected(ours, seconds)
    const theirSignIns = await drive({
      url: `${peer.url}/api/auth/sign-in/email`,
      seconds,
      connections: 16,
      script: signInScript(JSON.stringify(account)),
      headers: { origin: peer.url },
    })
    await post(ours.url, '/login', { username: account.email, password: account.password })
    const ownSignIns = await drive({
      url: `${ours.url}/login`,
      seconds,
      connections: 16,
      script: signInScript(JSON.stringify({ username: account.email, password: account.password })),
    })
    const [theirMemory, ownMemory] = [residentMegabytes(peer.pid), residentMegabytes(ours.pid)]
    return [
      {
        what: 'checking who is signed in',
        unit: '/s',
        ours: own.perSecond,
        beside: 'better-auth, get-session',
        theirs: theirs.perSecond,
        goal: null,
        errors: own.errors + theirs.errors,
      },
      {
        what: 'password sign-in',
        unit: '/s',
        ours: ownSignIns.perSecond,
        beside: 'better-auth (scrypt, N=16384, r=16)',
        theirs: theirSignIns.perSecond,
        goal: null,
        errors: ownSignIns.errors + theirSignIns.errors,
      },
      {
        what: 'memory after that',
        unit: ' MB',
        ours: ownMemory,
        beside: 'better-auth',
        theirs: theirMemory,
        goal: null,
        lowerIsBetter: true,
        errors: 0,
      },
    ]
  } finally {
    await Promise.all([ours.stop(), peer.stop()])
  }
}

const driveProtected = ({ url, accessToken }: Ours, seconds: number) =>
  drive({
    url: `${url}/protected`,
    seconds,
    connections: 64,
    headers: { authorization: `Bearer ${accessToken}` },
  })
