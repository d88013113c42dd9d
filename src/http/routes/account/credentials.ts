import { type Static, Type } from 'typebox'
import { type CredentialId, idPattern } from '../../../domain/id.ts'
import type { MethodDefinition } from '../../../domain/method.ts'
import {
  beginEnrolment,
  confirmCredential,
  finishEnrolling,
  removeCredential,
  renameCredential,
} from '../../../engine/credentials/credentials.ts'
import { tokensFor } from '../../../engine/sessions/issue-tokens.ts'
import { accountOf, callerOf, ownerOf } from '../../caller/bearer.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { presentCredential } from '../../schema/presenters.ts'
import {
  bearerSecurity,
  bodyProblems,
  credentialSchema,
  nullable,
  problemResponses,
  tokenPairSchema,
  tokenProblems,
} from '../../schema/schemas.ts'

const shared = { tags: ['me'], security: bearerSecurity }
const stepUp = [...tokenProblems, 'insufficient_user_authentication'] as const
const credentialName = Type.String({ minLength: 1, maxLength: 100, description: 'What its owner calls it', examples: ['Work laptop'] })
const params = Type.Object({ id: Type.String({ pattern: idPattern('crd') }) })
const anything = Type.Record(Type.String(), Type.Unknown())

export function credentialRoutes(context: HttpContext): void {
  const { app, engine } = context
  app.get('/v1/me/credentials', {
    schema: {
      ...shared,
      summary: 'What the account can prove itself with',
      response: {
        200: Type.Object({
          credentials: Type.Array(credentialSchema),
          can_add: Type.Array(Type.String(), { description: 'Methods that can be set up' }),
          signals: Type.Record(Type.String(), anything, {
            description: "By method, what a browser's own store should know (WebAuthn signals)",
          }),
        }),
        ...problemResponses(...tokenProblems),
      },
    },
    async handler(request) {
      const { account } = await callerOf(engine, request)
      const credentials = await engine.store.credentials.listByAccount(account.id)
      const ofMethod = ({ id }: MethodDefinition) => credentials.filter(({ kind }) => kind === id)
      const signals = engine.methods.list.flatMap((method) => {
        const signal = method.signals?.({ account, credentials: ofMethod(method), issuer: engine.settings.issuer })
        return signal ? [[method.id, signal]] : []
      })
      return {
        credentials: credentials.map((credential) => presentCredential(credential, engine.methods.find(credential.kind))),
        can_add: engine.methods.list.filter(({ enrol }) => enrol).map(({ id }) => id),
        signals: Object.fromEntries(signals),
      }
    },
  })

  app.patch('/v1/me/credentials/:id', {
    schema: {
      ...shared,
      summary: 'Name a credential',
      params,
      body: Type.Object({ name: nullable(credentialName) }, { additionalProperties: false }),
      response: { 204: Type.Null({ description: 'It is named' }), ...problemResponses(...tokenProblems, ...bodyProblems, 'not_found') },
    },
    async handler(request, reply) {
      const { account, acting } = await accountOf(engine, request)
      const { id } = request.params as { id: CredentialId }
      await renameCredential(acting, { account, id, name: (request.body as { name: string | null }).name })
      return reply.code(204).send()
    },
  })

  app.delete('/v1/me/credentials/:id', {
    schema: {
      ...shared,
      summary: 'Remove a credential',
      description: 'Asks for recent evidence; the last way in stays. Its owner is told.',
      params,
      response: {
        204: Type.Null({ description: 'It is gone' }),
        ...problemResponses(...stepUp, 'invalid_fields', 'not_found', 'last_way_in'),
      },
    },
    async handler(request, reply) {
      const { acting, ...owner } = await ownerOf(engine, request, 'credentials')
      await removeCredential(acting, { ...owner, id: (request.params as { id: CredentialId }).id })
      return reply.code(204).send()
    },
  })

  confirmationRoute(context)
  for (const method of engine.methods.list) if (method.enrol) enrolmentRoutes(context, method, method.enrol)
}

function confirmationRoute({ app, engine }: HttpContext): void {
  app.post('/v1/me/credentials/:id/confirm', {
    schema: {
      ...shared,
      summary: 'Keep a credential that is suspended',
      description:
        'After a change of address was undone, what was set up meanwhile proves nothing until its owner keeps it. Asks for recent evidence.',
      params,
      body: Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()]),
      response: { 204: Type.Null({ description: 'It counts again' }), ...problemResponses(...stepUp, ...bodyProblems, 'not_found') },
    },
    async handler(request, reply) {
      const { acting, ...owner } = await ownerOf(engine, request, 'credentials')
      await confirmCredential(acting, { ...owner, id: (request.params as { id: CredentialId }).id })
      return reply.code(204).send()
    },
  })
}

function enrolmentRoutes({ app, engine }: HttpContext, method: MethodDefinition, enrol: NonNullable<MethodDefinition['enrol']>): void {
  const name = method.words.en.label
  app.post(`/v1/me/credentials/${method.id}`, {
    schema: {
      ...shared,
      summary: `Set up: ${name}`,
      description: 'Asks for recent evidence: a token alone adds nothing.',
      body: Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()]),
      response: { 200: Type.Object({ challenge: anything }), ...problemResponses(...stepUp, ...bodyProblems) },
    },
    async handler(request) {
      const { acting, ...owner } = await ownerOf(engine, request, 'credentials')
      return { challenge: await beginEnrolment(acting, { ...owner, method }) }
    },
  })

  const query = Type.Object({ name: Type.Optional(credentialName) }, { additionalProperties: false })
  app.post(`/v1/me/credentials/${method.id}/answer`, {
    schema: {
      ...shared,
      summary: `Finish setting up: ${name}`,
      querystring: query,
      body: enrol.answer,
      response: {
        201: Type.Object(
          { credential: credentialSchema, notes: anything, ...Type.Partial(tokenPairSchema).properties },
          {
            description:
              'With the next pair of tokens where the one before was replaced: this session goes on with those, all others have ended',
          },
        ),
        ...problemResponses(
          ...stepUp,
          ...bodyProblems,
          'challenge_not_open',
          'answer_refused',
          'too_many_attempts',
          method.refusal ?? 'enrolment_refused',
          'conflict',
          'busy',
        ),
      },
    },
    // Where there is nothing to say, nothing need be sent.
    preValidation(request, _reply, done) {
      request.body ??= {}
      done()
    },
    async handler(request, reply) {
      const { acting, ...owner } = await ownerOf(engine, request, 'credentials')
      const answer = request.body as Record<string, unknown>
      const { name: called } = request.query as Static<typeof query>
      const { credential, notes, renewed } = await finishEnrolling(acting, { ...owner, method, answer, name: called ?? null })
      if (renewed) setSessionCookie(engine, request, reply, renewed)
      return reply.code(201).send({ credential: presentCredential(credential, method), notes, ...(renewed && tokensFor(engine, renewed)) })
    },
  })
}
