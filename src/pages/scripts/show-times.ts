/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Runs in the browser: puts times into its zone, and tells the server of that, for the next page and for
 * mails.
 */
export function showTimes(): void {
  const { lang, dataset } = document.documentElement
  const { zone, zoneCookie = '' } = dataset
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http
  if (zoneCookie && zone !== timeZone) document.cookie = zoneCookie.replace('{zone}', timeZone)
  const absolute = new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' })
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const
  for (const time of document.querySelectorAll('time')) {
    const at = new Date(time.dateTime)
    const seconds = (performance.timeOrigin + performance.now() - at.getTime()) / 1000
    const [unit, length] = units.find(([, one]) => seconds >= one) ?? ['second', 60]
    const isRecent = seconds > -60 && seconds < 7 * 86_400
    time.title = absolute.format(at)
    time.textContent =
      time.dataset.ago !== undefined && isRecent
        ? relative.format(-Math.max(0, Math.floor(seconds / length)), unit)
        : absolute.format(at)
  }
}
