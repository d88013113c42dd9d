import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Engine } from '../../engine/engine.ts'
import { maxAgeMax, readCookie, writeCookie } from './cookie.ts'
import { isFromThisSite, isNavigation, mayUseCookies } from './same-site.ts'

const secretBytes = 32
const shape = /^[A-Za-z0-9_-]{43}$/

const name = 'sumun_browser'

/** This browser's random value: binds its attempts, and identifies its device. It signs no one in. */
export function browserOf(engine: Engine, request: FastifyRequest): string | null {
  const value = readCookie(engine, request, name)
  return value !== undefined &&
    shape.test(value) &&
    (isFromThisSite(engine, request) || isNavigation(request))
    ? value
    : null
}

/**
 * The same; created if absent. A cross-site request gets a value that is not stored: it must not replace the
 * browser's own.
 */
export function keepBrowser(engine: Engine, request: FastifyRequest, reply: FastifyReply): string {
  const value = browserOf(engine, request) ?? engine.random.bytes(secretBytes).toString('base64url')
  if (mayUseCookies(engine, request)) writeCookie(engine, reply, { name, value, maxAge: maxAgeMax })
  return value
}
