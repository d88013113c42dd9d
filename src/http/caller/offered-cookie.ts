import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Engine } from '../../engine/engine.ts'
import { readCookie, writeCookie } from './cookie.ts'

const name = 'sumun_offered'
const maxAge = 90 * 86_400 // seconds

/** Whether a passkey was offered on this browser within the last months. */
export const wasOffered = (engine: Engine, request: FastifyRequest): boolean =>
  readCookie(engine, request, name) !== undefined

export const keepOffered = (engine: Engine, reply: FastifyReply): void =>
  writeCookie(engine, reply, { name, value: '1', maxAge })
