import { isIP, isIPv6 } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Engine } from '../../engine/engine.ts'
import type { Requester } from '../../engine/request-context.ts'
import { browserOf, keepBrowser } from './browser-cookie.ts'
import { pageLocale } from './locale.ts'
import { isFromThisSite } from './same-site.ts'
import { zoneOf } from './zone.ts'

const known = new WeakMap<FastifyRequest, Requester>()

/** Who asks, as far as the connection tells, and when: read once a request. */
export function requesterOf(engine: Engine, request: FastifyRequest): Requester {
  const requester = known.get(request) ?? read(engine, request)
  known.set(request, requester)
  return requester
}

function read(engine: Engine, request: FastifyRequest): Requester {
  const agent = request.headers['user-agent']
  return {
    now: engine.clock.now(),
    source: sourceOf(request),
    // Printable ASCII only, so that it cannot forge log lines or markup.
    userAgent: agent ? agent.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 256) : null,
    locale: pageLocale(request),
    zone: zoneOf(engine, request),
    browser: browserOf(engine, request),
    // Only browsers send Fetch Metadata. An allowed cross-origin page counts as a program, since it holds no
    // cookies here.
    isBrowser: request.headers['sec-fetch-site'] !== undefined && isFromThisSite(engine, request),
  }
}

/** The same; a browser without a cookie gets one, so that its device is recognised next time. */
export function settledRequester(engine: Engine, request: FastifyRequest, reply: FastifyReply): Requester {
  const requester = requesterOf(engine, request)
  return requester.isBrowser ? { ...requester, browser: keepBrowser(engine, request, reply) } : requester
}

/**
 * X-Forwarded-For is trusted for `trustProxy` hops, and only if it holds an address; otherwise the address of
 * the last hop that has one.
 */
export function sourceOf({ ip, ips }: Pick<FastifyRequest, 'ip' | 'ips'>): string {
  for (const hop of [ip, ...(ips ?? []).toReversed()]) {
    const address = addressIn(hop)
    if (address) return networkOf(address)
  }
  return 'unknown'
}

/** Some proxies write a port beside it, brackets around it (RFC 7239 §6), or quotes. */
function addressIn(hop: string): string | undefined {
  const bare = hop.trim().replaceAll('"', '')
  const address =
    /^\[([^\]]+)\](?::\d+)?$/.exec(bare)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(bare)?.[1] ?? bare
  return isIP(address) === 0 ? undefined : address
}

/** An IPv6 host has 2^64 addresses to itself; its /64 is what counts. */
export function networkOf(address: string): string {
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
