import type { CommandInput } from './command.ts'

const barLength = 24
const millisecondsBetween = 200
const millisecondsBetweenEvents = 1_000

/** A bar with rate and time left at a terminal, an event a second otherwise. */
export function createProgress(
  { progress }: Pick<CommandInput, 'progress'>,
  read: () => { bytes: number; of: number },
) {
  const startedAt = performance.now()
  let [rows, shownAt, toldAt] = [0, 0, startedAt]

  function show(now: number): void {
    const { bytes, of } = read()
    const part = of === 0 ? 1 : Math.min(1, bytes / of)
    const seconds = (now - startedAt) / 1000
    const rate = Math.round(rows / Math.max(seconds, 0.001))
    const left = part > 0 ? Math.round((seconds / part) * (1 - part)) : null
    const filled = Math.round(part * barLength)
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barLength - filled)}`
    const isEvent = now - toldAt >= millisecondsBetweenEvents
    if (isEvent) toldAt = now
    progress(
      `${bar} ${Math.floor(part * 100)} %  ${rows.toLocaleString('en')} rows  ${rate.toLocaleString('en')}/s  ${left === null ? '' : `${timeText(left)} left`}`,
      isEvent
        ? { event: 'import.progress', rows, rows_per_second: rate, done: part, seconds_left: left }
        : undefined,
    )
  }

  return {
    count(more: number): void {
      rows += more
      const now = performance.now()
      if (now - shownAt < millisecondsBetween) return
      shownAt = now
      show(now)
    },
    end: () => progress(''),
  }
}

const timeText = (seconds: number): string =>
  seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
