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

/** The beginning of a day such as `2027-03-31`, in UTC; undefined if there is no such day. */
export function dayToMilliseconds(day: string): number | undefined {
  const milliseconds = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  return Number.isNaN(milliseconds) || toDay(milliseconds) !== day ? undefined : milliseconds
}

export const toDay = (milliseconds: number): string => toTimestamp(milliseconds).slice(0, 10)

export const hoursToMilliseconds = (hours: number): number => hours * 3_600_000
export const daysToMilliseconds = (days: number): number => days * 86_400_000
