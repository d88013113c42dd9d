import type { FastifyRequest } from 'fastify'
import type { Operation } from '../../domain/policy-document.ts'
import type { ProblemCode } from '../../domain/problem.ts'
import type { AdminDeed } from '../../domain/role.ts'
import type { Engine } from '../../engine/engine.ts'
import { type AdminCaller, adminCaller } from './admin-caller.ts'
import { accountOf, type Caller, callerOf, type Owner, ownerOf } from './bearer.ts'
import { type MemberCaller, type MemberDeed, memberCaller } from './organisation-admin.ts'

type Security = readonly Record<string, readonly string[]>[]

/** Who may call a route, with its OpenAPI security and the problems that it throws. */
export interface Guard<Granted> {
  security: Security
  problems: readonly ProblemCode[]
  admit(engine: Engine, request: FastifyRequest): Granted
}

export const bearerSecurity: Security = [{ password: [] }, { bearer: [] }]
export const tokenProblems = ['not_authenticated', 'invalid_token'] as const satisfies ProblemCode[]

export const anyone: Guard<undefined> = { security: [], problems: [], admit: () => undefined }

/** The account behind the token, also through an application or a key. */
export const caller: Guard<Promise<Caller>> = {
  security: bearerSecurity,
  problems: [...tokenProblems, 'insufficient_scope'],
  admit: callerOf,
}

/** A user with their own session. */
export const person: Guard<ReturnType<typeof accountOf>> = {
  security: bearerSecurity,
  problems: [...caller.problems, 'insufficient_user_authentication'],
  admit: accountOf,
}

/** A user with recent evidence for the operation (RFC 9470). */
export const owner = (operation: Operation): Guard<Promise<Owner>> => ({
  security: bearerSecurity,
  problems: person.problems,
  admit: (engine, request) => ownerOf(engine, request, operation),
})

/** A member of the organisation that the route names as `id`, with the role that the deed needs. */
export const member = (deed: MemberDeed): Guard<Promise<MemberCaller>> => ({
  security: bearerSecurity,
  problems: [
    ...person.problems,
    'not_found',
    ...(deed === 'looks' ? [] : (['admin_role_required'] as const)),
  ],
  admit: (engine, request) => memberCaller(engine, request, deed),
})

/** An administrator whose role allows it, or a client with such a scope. */
export const operator = (deed: AdminDeed): Guard<Promise<AdminCaller>> => ({
  security: bearerSecurity,
  problems: person.problems,
  admit: (engine, request) => adminCaller(engine, request, deed),
})
