import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Problem } from '../../domain/problem.ts'

// Only the beginning is estimated: more characters never make a password weaker.
const estimatedLengthMax = 64
const waitingMax = 128
/** Of those, previews while a user types: they never keep others from setting a password. */
export const previewsWaitingMax = 16
const idleMilliseconds = 10_000

/** zxcvbn's view: `score` 0 to 4; `warning` and `suggestions` are keys of words.ts. */
export interface Strength {
  score: number
  guessesLog10: number
  warning: string | null
  suggestions: string[]
  isCommon: boolean
}

interface Waiting {
  resolve(strength: Strength): void
  reject(error: unknown): void
}

let worker: Worker | undefined
let lastId = 0
let idle: NodeJS.Timeout | undefined
const waiting = new Map<number, Waiting>()

/**
 * Runs zxcvbn on a worker thread: its dictionaries take time to load and 45 MB of memory, which is released
 * when idle. Throws `busy`.
 */
export function estimateStrength(
  password: string,
  userInputs: readonly string[],
  max = waitingMax,
): Promise<Strength> {
  if (waiting.size >= max) throw new Problem('busy', { retryAfterSeconds: 2 })
  worker ??= startWorker()
  clearTimeout(idle)
  const id = ++lastId
  const message = {
    id,
    password: [...password].slice(0, estimatedLengthMax).join(''),
    userInputs: [...userInputs],
  }
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject })
    worker?.ref()
    worker?.postMessage(message)
  })
}

function startWorker(): Worker {
  const started = new Worker(new URL(`./strength-worker${extname(import.meta.url)}`, import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  })
  started.on('message', ({ id, ...strength }: Strength & { id: number }) => {
    waiting.get(id)?.resolve(strength)
    waiting.delete(id)
    if (waiting.size === 0) rest(started)
  })
  started.on('error', (error) => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
    worker = undefined
  })
  return started
}

function rest(resting: Worker): void {
  resting.unref()
  idle = setTimeout(() => {
    worker = undefined
    void resting.terminate()
  }, idleMilliseconds).unref()
}
