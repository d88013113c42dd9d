import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'

/**
 * PostgreSQL's own benchmark against a server that runs, with as many connections as one of our processes
 * has.
 */
export interface Pgbench {
  /** Transactions of `simple-update` a second: one row changed, one read, one added. */
  simpleUpdates(seconds: number): Promise<number>
}

const connections = 10
const scale = 10 // a million rows

export function preparePgbench(binaries: string, url: string): Pgbench {
  const program = join(binaries, 'pgbench')
  execFileSync(program, ['-q', '-i', '-s', String(scale), url], { stdio: 'ignore' })
  return {
    simpleUpdates: (seconds) =>
      new Promise((resolve, reject) => {
        const words = [
          '-n',
          '-N',
          '-M',
          'prepared',
          '-c',
          String(connections),
          '-j',
          '1',
          '-T',
          String(seconds),
          url,
        ]
        const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'] })
        let text = ''
        child.stdout.on('data', (data) => (text += data))
        child.on('exit', () => {
          const rate = /tps = ([\d.]+)/.exec(text)?.[1]
          if (rate === undefined) reject(new Error(`pgbench said ${text}`))
          else resolve(Number(rate))
        })
      }),
  }
}
