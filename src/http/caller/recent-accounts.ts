import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { schemaCheck } from '../../domain/schema-check.ts'
import type { Engine } from '../../engine/engine.ts'
import { maxAgeMax, readCookie, writeCookie } from './cookie.ts'

const name = 'sumun_recents'
const boundTo = 'cookie/recent-accounts'
const keptMax = 4

const recents = Type.Array(
  Type.Object({
    /** An identifier, as it is typed. */
    username: Type.String({ maxLength: 254 }),
    label: Type.String({ maxLength: 254 }),
    /** The method that it last signed in with. */
    method: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
  }),
  { maxItems: keptMax },
)
const fits = schemaCheck(recents)
export type RecentAccount = Static<typeof recents>[number]

/** The accounts that signed in on this browser, the last first. They sign no one in. */
export function recentAccounts(engine: Engine, request: FastifyRequest): RecentAccount[] {
  const value = readCookie(engine, request, name)
  if (value === undefined) return []
  try {
    const found: unknown = JSON.parse(engine.sealer.open(value, boundTo))
    return fits(found) ? (found as RecentAccount[]) : []
  } catch {
    return []
  }
}

export function keepRecentAccount(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
  account: RecentAccount,
): void {
  const others = recentAccounts(engine, request).filter(({ username }) => username !== account.username)
  write(engine, reply, [account, ...others].slice(0, keptMax))
}

export function forgetRecentAccount(
  engine: Engine,
  request: FastifyRequest,
  reply: FastifyReply,
  username: string,
): void {
  write(
    engine,
    reply,
    recentAccounts(engine, request).filter((one) => one.username !== username),
  )
}

const write = (engine: Engine, reply: FastifyReply, all: RecentAccount[]): void =>
  writeCookie(engine, reply, {
    name,
    value: all.length === 0 ? '' : engine.sealer.seal(JSON.stringify(all), boundTo),
    maxAge: all.length === 0 ? 0 : maxAgeMax,
  })
