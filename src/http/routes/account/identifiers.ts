import { Type } from 'typebox'
import { type IdentifierKind, identifierKinds } from '../../../domain/identifier.ts'
import { codePattern } from '../../../domain/one-time-code.ts'
import {
  beginIdentifierChange,
  confirmIdentifier,
  finishIdentifierChange,
  reachableKinds,
  removeIdentifier,
} from '../../../engine/accounts/change-identifier.ts'
import { ownerOf } from '../../caller/bearer.ts'
import type { HttpContext } from '../../context.ts'
import { bearerSecurity, bodyProblems, problemResponses, tokenProblems } from '../../schema/schemas.ts'

const shared = { tags: ['me'], security: bearerSecurity }
const stepUp = [...tokenProblems, 'insufficient_user_authentication'] as const
const examples = { email: 'minji@example.net', phone: '+821087654321' } as const

export function identifierRoutes({ app, engine }: HttpContext): void {
  for (const kind of reachableKinds) {
    app.post(`/v1/me/identifiers/${kind}`, {
      schema: {
        ...shared,
        summary: `Verify or change the ${kind}`,
        description: 'Sends a code there. Nothing changes before it comes back; then the former one is told, and can undo it for 72 hours.',
        body: Type.Object(
          { value: Type.String({ minLength: 3, maxLength: 254, examples: [examples[kind]] }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({ expires_in: Type.Integer({ description: 'Seconds' }) }),
          ...problemResponses(...stepUp, ...bodyProblems, 'too_many_attempts'),
        },
      },
      async handler(request) {
        const { acting, ...owner } = await ownerOf(engine, request, 'identifiers')
        const { value } = request.body as { value: string }
        const { expiresInSeconds } = await beginIdentifierChange(acting, { ...owner, kind, value })
        return { expires_in: expiresInSeconds }
      },
    })

    app.post(`/v1/me/identifiers/${kind}/answer`, {
      schema: {
        ...shared,
        summary: `Confirm the ${kind} with the code`,
        body: Type.Object({ code: Type.String({ pattern: codePattern, examples: ['123456'] }) }, { additionalProperties: false }),
        response: {
          204: Type.Null({ description: 'It is verified' }),
          ...problemResponses(...stepUp, ...bodyProblems, 'challenge_not_open', 'answer_refused', 'too_many_attempts', 'identifier_taken'),
        },
      },
      async handler(request, reply) {
        const { acting, ...owner } = await ownerOf(engine, request, 'identifiers')
        await finishIdentifierChange(acting, { ...owner, kind, code: (request.body as { code: string }).code })
        return reply.code(204).send()
      },
    })
  }

  app.delete('/v1/me/identifiers/:kind', {
    schema: {
      ...shared,
      summary: 'Remove an identifier',
      params: Type.Object({ kind: Type.Enum([...identifierKinds]) }),
      response: {
        204: Type.Null({ description: 'It is gone' }),
        ...problemResponses(...stepUp, 'invalid_fields', 'not_found', 'last_way_in'),
      },
    },
    async handler(request, reply) {
      const { acting, ...owner } = await ownerOf(engine, request, 'identifiers')
      await removeIdentifier(acting, { ...owner, kind: (request.params as { kind: IdentifierKind }).kind })
      return reply.code(204).send()
    },
  })

  app.post('/v1/me/identifiers/:kind/confirm', {
    schema: {
      ...shared,
      summary: 'Keep an identifier that is suspended',
      params: Type.Object({ kind: Type.Enum([...identifierKinds]) }),
      body: Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()]),
      response: { 204: Type.Null({ description: 'It counts again' }), ...problemResponses(...stepUp, ...bodyProblems, 'not_found') },
    },
    async handler(request, reply) {
      const { acting, ...owner } = await ownerOf(engine, request, 'identifiers')
      await confirmIdentifier(acting, { ...owner, kind: (request.params as { kind: IdentifierKind }).kind })
      return reply.code(204).send()
    },
  })
}
