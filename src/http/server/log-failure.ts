import type { Logger } from 'pino'

const togetherMilliseconds = 10_000

export interface Failure {
  level: 'warn' | 'error'
  /** A fixed event name, as for every log line. */
  event: string
  fields: Record<string, unknown>
  err: unknown
  message: string
}

/**
 * Logs failures. The first is logged in full; equal ones within ten seconds are counted and logged as one
 * line, so that an outage does not fill the disk. Equal means the same event, error and place in the code.
 */
export function createFailureLog(log: Logger): (failure: Failure) => void {
  const counted = new Map<string, number>()
  return ({ level, event, fields, err, message }) => {
    const kind = `${event} ${kindOf(err)}`
    const count = counted.get(kind)
    if (count !== undefined) return void counted.set(kind, count + 1)
    log[level]({ event, ...fields, err }, message)
    counted.set(kind, 0)
    setTimeout(() => {
      const repeated = counted.get(kind) ?? 0
      counted.delete(kind)
      if (repeated > 0) log[level]({ event, repeated, seconds: togetherMilliseconds / 1000 }, message)
    }, togetherMilliseconds).unref()
  }
}

function kindOf(err: unknown): string {
  if (!(err instanceof Error)) return typeof err
  const place = err.stack?.split('\n').find((line) => /^\s+at /.test(line)) ?? ''
  return `${err.name} ${(err as { code?: unknown }).code ?? ''} ${place.trim()}`
}
