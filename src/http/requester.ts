import { isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { type Locale, locales } from '../domain/account.ts'
import type { Requester } from '../engine/requester.ts'

/** Who is asking, as far as the connection tells. `request.ip` believes X-Forwarded-For only as far as `trustProxy` says. */
export function requesterOf(request: FastifyRequest): Requester {
  const agent = request.headers['user-agent']
  return {
    source: sourceOf(request.ip),
    // A log line or a page must not be shaped by it.
    userAgent: agent ? agent.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 256) : null,
    locale: localeOf(request.headers['accept-language']),
  }
}

/** An IPv6 host has 2^64 addresses to itself; its /64 is what counts. */
export function sourceOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  if (!isIPv6(address) || address === '::1') return address
  const [head = '', tail = ''] = (address.split('%')[0] as string).split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === '' ? [] : tail.split(':')
  const groups = address.includes('::')
    ? [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
    : front
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** The first of `Accept-Language` that there are words for, by its weights (RFC 9110 §12.5.4). */
export function localeOf(header: string | undefined): Locale {
  const wanted = (header ?? '')
    .slice(0, 200)
    .split(',')
    .map((item) => {
      const [tag = '', weight] = item.trim().split(/;\s*q=/)
      return { language: tag.split('-')[0]?.toLowerCase(), weight: weight === undefined ? 1 : Number(weight) || 0 }
    })
    .sort((a, b) => b.weight - a.weight)
  const found = wanted.find(({ language, weight }) => weight > 0 && locales.includes(language as Locale))
  return (found?.language as Locale | undefined) ?? 'en'
}
