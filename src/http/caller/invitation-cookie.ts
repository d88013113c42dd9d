import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Engine } from '../../engine/engine.ts'
import { readCookie, writeCookie } from './cookie.ts'

const name = 'sumun_invitation'
const maxAge = 86_400 // seconds
const shape = /^[\w-]{20,128}$/

/** The invitation that this browser opened, while its user signs in or up. */
export function keptInvitation(engine: Engine, request: FastifyRequest): string | undefined {
  const value = readCookie(engine, request, name)
  return value !== undefined && shape.test(value) ? value : undefined
}

export const keepInvitation = (engine: Engine, reply: FastifyReply, token: string): void =>
  writeCookie(engine, reply, { name, value: token, maxAge })

export const forgetInvitation = (engine: Engine, reply: FastifyReply): void =>
  writeCookie(engine, reply, { name, value: '', maxAge: 0 })
