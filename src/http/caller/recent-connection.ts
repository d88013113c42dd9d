import type { FastifyReply, FastifyRequest } from 'fastify'
import { slugPattern } from '../../domain/connection.ts'
import type { Engine } from '../../engine/engine.ts'
import { maxAgeMax, readCookie, writeCookie } from './cookie.ts'

const name = 'sumun_recent'
const isSlug = new RegExp(slugPattern)

/** The connection by which this browser last signed in; it is offered first. Says nothing of an account. */
export function recentConnection(engine: Engine, request: FastifyRequest): string | null {
  const value = readCookie(engine, request, name)
  return value !== undefined && isSlug.test(value) ? value : null
}

export const keepRecentConnection = (engine: Engine, reply: FastifyReply, slug: string): void =>
  writeCookie(engine, reply, { name, value: slug, maxAge: maxAgeMax })
