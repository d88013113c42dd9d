/** The one place that reads the machine's time. Everything else gets a `Clock`, so tests set the time. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** NumericDate: whole seconds since the epoch (RFC 7519 §2). */
export const toNumericDate = (milliseconds: number): number => Math.floor(milliseconds / 1000)

/** RFC 3339 in UTC with milliseconds, as every JSON reply writes time. */
export const toTimestamp = (milliseconds: number): string => new Date(milliseconds).toISOString()

export const daysToMilliseconds = (days: number): number => days * 86_400_000
