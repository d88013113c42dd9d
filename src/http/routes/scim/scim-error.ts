import type { FastifyError, FastifyReply } from 'fastify'
import type { Problem, ProblemCode } from '../../../domain/problem.ts'
import { urns } from '../../../domain/scim/schemas.ts'
import { ScimFault, type ScimType } from '../../../domain/scim/scim-fault.ts'
import { toProblem } from '../../server/problem-handler.ts'

export const scimType = 'application/scim+json; charset=utf-8'

const types: Partial<Record<ProblemCode, ScimType>> = {
  malformed_request: 'invalidSyntax',
  invalid_fields: 'invalidValue',
  conflict: 'uniqueness',
}

/** An error in the form of RFC 7644 §3.12. Returns the problem, if it was one. */
export function sendScimError(
  reply: FastifyReply,
  error: FastifyError | ScimFault | Problem,
): Problem | undefined {
  if (error instanceof ScimFault) {
    send(reply, error.status, error.scimType, error.message)
    return undefined
  }
  const problem = toProblem(error)
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds))
  send(reply, problem.status, types[problem.code] ?? null, problem.message)
  return problem
}

function send(reply: FastifyReply, status: number, type: ScimType | null, detail: string): void {
  void reply
    .code(status)
    .header('content-type', scimType)
    .send({ schemas: [urns.error], status: String(status), ...(type && { scimType: type }), detail })
}
