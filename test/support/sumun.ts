import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { after } from 'node:test'

/** What people run: the built file, or the sources where they are newer. */
const main = join(import.meta.dirname, '../../bin/sumun.js')

export interface Finished {
  exitCode: number | null
  stdout: string
  stderr: string
  /** What `--json` printed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
  json: any
}

/** The command line, as a person at a terminal runs it: a process of its own. */
export function sumun(
  words: readonly string[],
  { environment = {}, input = '' }: { environment?: Record<string, string>; input?: string } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...words], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: 'pipe',
    })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (data) => (stdout += data))
    child.stderr.on('data', (data) => (stderr += data))
    child.stdin.on('error', () => undefined).end(input)
    child.on('close', (exitCode) =>
      resolve({
        exitCode,
        stdout,
        stderr,
        json: words.includes('--json') && stdout !== '' ? JSON.parse(stdout) : undefined,
      }),
    )
  })
}

export interface ServedProcess {
  url: string
  pid: number
  stdout(): string
  stderr(): string
  /** SIGKILL, as a power cut would. */
  kill(): Promise<void>
  /** SIGTERM; resolves to the exit code. */
  terminate(): Promise<number | null>
  exited: Promise<number | null>
}

const served = new Set<ChildProcess>()
after(() => {
  for (const child of served) child.kill('SIGKILL') // of tests that failed: else their file would never end
})

/** `sumun start` as a process, as `npm start` and the image run it, once it has printed the ready line. */
export function serveProcess(
  environment: Record<string, string>,
  words: readonly string[] = [],
): Promise<ServedProcess> {
  const child = spawn(process.execPath, ['--max-semi-space-size=2', main, 'start', ...words], {
    env: { PATH: process.env.PATH, SUMUN_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  served.add(child)
  let [stdout, stderr] = ['', '']
  child.stderr.on('data', (data) => (stderr += data))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => {
      stdout += data
      const line = stdout.split('\n')[0] ?? ''
      if (!stdout.includes('\n') || !line.includes('"ready"')) return
      const { url } = JSON.parse(line) as { url: string }
      resolve({
        url,
        pid: child.pid as number,
        stdout: () => stdout,
        stderr: () => stderr,
        exited,
        async kill() {
          child.kill('SIGKILL')
          await exited
        },
        terminate() {
          child.kill('SIGTERM')
          return exited
        },
      })
    })
    exited.then((code) => reject(new Error(`the server ended with ${code}: ${stderr}`)))
  })
}
