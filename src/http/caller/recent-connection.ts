import type { FastifyReply, FastifyRequest } from 'fastify'
import { slugPattern } from '../../domain/connection.ts'
import type { Engine } from '../../engine/engine.ts'
import { readCookie, writeCookie } from './cookie.ts'

const name = 'sumun_recent'
const maxAge = 400 * 86_400 // seconds; browsers keep none longer (RFC 6265bis §5.5)
const isSlug = new RegExp(slugPattern)

/** The connection by which this browser last signed in; it is offered first. Says nothing of an account. */
export function recentConnection(engine: Engine, request: FastifyRequest): string | null {
  const value = readCookie(engine, request, name)
  return value !== undefined && isSlug.test(value) ? value : null
}

export const keepRecentConnection = (engine: Engine, reply: FastifyReply, slug: string): void =>
  writeCookie(engine, reply, { name, value: slug, maxAge })
