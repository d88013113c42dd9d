import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Debian's wrk drives every server, ours and peers' alike: its own cost is small and the same for all. */
export const hasWrk = (): boolean => existsSync('/usr/bin/wrk')

export interface Load {
  url: string
  seconds: number
  connections: number
  headers?: Record<string, string>
  /** A wrk script, for requests that differ. */
  script?: string
}

export interface Measured {
  perSecond: number
  p99Milliseconds: number
  /** Answers that were not 2xx or 3xx, and sockets that broke. */
  errors: number
  requests: number
}

export function drive({ url, seconds, connections, headers = {}, script }: Load): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'sumun-bench-'))
  const words = [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--latency',
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
  ]
  if (script) {
    writeFileSync(join(folder, 'load.lua'), script)
    words.push('-s', join(folder, 'load.lua'))
  }
  return new Promise((resolve, reject) => {
    const child = spawn('/usr/bin/wrk', [...words, url], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (data) => (text += data))
    child.on('exit', (code) => {
      rmSync(folder, { recursive: true, force: true })
      if (code === 0) resolve(read(text))
      else reject(new Error(`wrk ended with ${code}`))
    })
  })
}

const rounds = 3

/**
 * Several loads in turn, a few times over, so that whatever else the machine does meets all of them; the
 * median of each.
 */
export async function alternately<Name extends string>(
  loads: Record<Name, Load>,
): Promise<Record<Name, Measured>> {
  const names = Object.keys(loads) as Name[]
  const all = Object.fromEntries(names.map((name) => [name, [] as Measured[]])) as Record<Name, Measured[]>
  for (let round = 0; round < rounds; round++) {
    for (const name of names)
      all[name].push(
        await drive({ ...loads[name], seconds: Math.max(1, Math.round(loads[name].seconds / rounds)) }),
      )
  }
  return Object.fromEntries(names.map((name) => [name, median(all[name])])) as Record<Name, Measured>
}

const median = (measured: Measured[]): Measured =>
  [...measured].sort((a, b) => a.perSecond - b.perSecond)[Math.floor(measured.length / 2)] as Measured

function read(text: string): Measured {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0)
  const [, p99 = '0', unit = 'ms'] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? []
  const sockets =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1).map(Number) ??
    []
  return {
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p99Milliseconds: Number(p99) * { us: 0.001, ms: 1, s: 1000 }[unit as 'us' | 'ms' | 's'],
    errors: number(/Non-2xx or 3xx responses: (\d+)/) + sockets.reduce((sum, count) => sum + count, 0),
    requests: number(/(\d+) requests in/),
  }
}

/** Memory of a process, in MB, as the kernel counts it. */
export const residentMegabytes = (pid: number): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024

export interface Peer {
  url: string
  pid: number
  stop(): Promise<void>
}

/** A process that prints one JSON line with its `url` when it serves; it is ended by its own id. */
export function startPeer(
  command: string,
  words: readonly string[],
  environment: Record<string, string> = {},
): Promise<Peer> {
  const child: ChildProcess = spawn(command, words, {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let [text, complaints] = ['', '']
  child.stderr?.on('data', (data) => (complaints += data))
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (data) => {
      text += data
      const line = text.split('\n').find((candidate) => candidate.includes('"url"'))
      if (!line) return
      resolve({
        url: (JSON.parse(line) as { url: string }).url,
        pid: child.pid as number,
        async stop() {
          child.kill('SIGTERM')
          await Promise.race([exited, new Promise((done) => setTimeout(done, 3000))])
          child.kill('SIGKILL')
          await exited
        },
      })
    })
    exited.then(() => reject(new Error(`${command} ${words.join(' ')} ended: ${complaints}`)))
  })
}
