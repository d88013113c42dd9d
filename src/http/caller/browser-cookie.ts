import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Engine } from '../../engine/engine.ts'
import { readCookie, writeCookie } from './cookie.ts'
import { isFromThisSite, isNavigation, mayUseCookies } from './same-site.ts'

const secretBytes = 32
const shape = /^[A-Za-z0-9_-]{43}$/
const maxAge = 400 * 86_400 // seconds; browsers keep none longer (RFC 6265bis §5.5)

const name = 'sumun_browser'

/**
 * The random value that this browser keeps: it holds the attempts begun here and tells its device apart. It
 * signs nobody in.
 */
export function browserOf(engine: Engine, request: FastifyRequest): string | null {
  const value = readCookie(engine, request, name)
  return value !== undefined &&
    shape.test(value) &&
    (isFromThisSite(engine, request) || isNavigation(request))
    ? value
    : null
}

/**
 * The same; made where there is none. A cross-site request gets a value that is not stored: it must not
 * replace the browser's own.
 */
export function keepBrowser(engine: Engine, request: FastifyRequest, reply: FastifyReply): string {
  const value = browserOf(engine, request) ?? engine.random.bytes(secretBytes).toString('base64url')
  if (mayUseCookies(engine, request)) writeCookie(engine, reply, { name, value, maxAge })
  return value
}
