import { Type } from 'typebox'
import type { MethodDefinition } from '../../../domain/method.ts'
import { removeAndUnlink } from '../../../engine/connections/remove-credential.ts'
import { confirmCredential, renameCredential } from '../../../engine/credentials/credentials.ts'
import { beginEnrolment, finishEnrolling } from '../../../engine/credentials/enrolment.ts'
import { tokensFor } from '../../../engine/sessions/issue-tokens.ts'
import { caller, owner, person } from '../../caller/guards.ts'
import { setSessionCookie } from '../../caller/session-cookie.ts'
import type { HttpContext } from '../../context.ts'
import { presentCredential } from '../../schema/presenters.ts'
import {
  anything,
  credentialSchema,
  idOf,
  noBody,
  nothing,
  nullable,
  operationOf,
  tokenPairSchema,
} from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const credentialName = Type.String({
  minLength: 1,
  maxLength: 100,
  description: 'What its owner calls it',
  examples: ['Work laptop'],
})
const params = Type.Object({ id: idOf('crd') })
const changes = { tag: 'me', guard: owner('credentials') } as const

export function credentialRoutes(context: HttpContext): void {
  const { engine } = context
  route(context, 'GET /v1/me/credentials', {
    operationId: 'listMyCredentials',
    tag: 'me',
    summary: 'The credentials of the account',
    guard: caller,
    reply: Type.Object({
      credentials: Type.Array(credentialSchema),
      can_add: Type.Array(Type.String(), { description: 'Methods that can be set up' }),
      signals: Type.Record(Type.String(), anything, {
        description: "By method, the current credentials for the browser's store (WebAuthn signals)",
      }),
    }),
    async handler({ granted: { account } }) {
      const credentials = await engine.store.credentials.listByAccount(account.id)
      const ofMethod = ({ id }: MethodDefinition) => credentials.filter(({ kind }) => kind === id)
      const signals = engine.methods.list.flatMap((method) => {
        const signal = method.signals?.({
          account,
          credentials: ofMethod(method),
          issuer: engine.settings.issuer,
        })
        return signal ? [[method.id, signal]] : []
      })
      return {
        credentials: credentials.map((credential) =>
          presentCredential(credential, engine.methods.find(credential.kind)),
        ),
        can_add: engine.methods.list.filter(({ enrol }) => enrol).map(({ id }) => id),
        signals: Object.fromEntries(signals),
      }
    },
  })

  route(context, 'PATCH /v1/me/credentials/:id', {
    operationId: 'renameMyCredential',
    tag: 'me',
    summary: 'Name a credential',
    guard: person,
    params,
    body: Type.Object({ name: nullable(credentialName) }, { additionalProperties: false }),
    reply: nothing('It is named'),
    errors: ['not_found'],
    async handler({ params: { id }, body: { name }, granted: { account, acting } }) {
      await renameCredential(acting, { account, id, name })
    },
  })

  route(context, 'DELETE /v1/me/credentials/:id', {
    ...changes,
    operationId: 'deleteMyCredential',
    summary: 'Remove a credential',
    description: 'Needs recent evidence; the last way to sign in cannot be removed. The owner is notified.',
    params,
    reply: nothing('It is gone'),
    errors: ['not_found', 'last_way_in'],
    async handler({ params: { id }, granted: { acting, ...owner } }) {
      await removeAndUnlink(acting, { ...owner, id })
    },
  })

  route(context, 'POST /v1/me/credentials/:id/confirm', {
    ...changes,
    operationId: 'confirmMyCredential',
    summary: 'Keep a credential that is suspended',
    description:
      'After a change of address was undone, what was set up meanwhile is suspended until the owner keeps it. Needs recent evidence.',
    params,
    body: noBody,
    reply: nothing('It counts again'),
    errors: ['not_found'],
    async handler({ params: { id }, granted: { acting, ...owner } }) {
      await confirmCredential(acting, { ...owner, id })
    },
  })

  for (const method of engine.methods.list) if (method.enrol) enrolmentRoutes(context, method, method.enrol)
}

function enrolmentRoutes(
  context: HttpContext,
  method: MethodDefinition,
  enrol: NonNullable<MethodDefinition['enrol']>,
): void {
  const { engine } = context
  const label = method.words.en.label
  route(context, `POST /v1/me/credentials/${method.id}`, {
    ...changes,
    operationId: operationOf('beginEnrolment', method.id),
    summary: `Set up: ${label}`,
    description: 'Needs recent evidence: a token alone is not enough.',
    body: method.asks ?? noBody,
    reply: Type.Object({ challenge: anything }),
    errors: method.upstream ? ['not_found', 'upstream_unavailable'] : [],
    async handler({ body, granted: { acting, ...owner } }) {
      const asked = (body ?? {}) as Record<string, string>
      const memo = method.upstream && asked
      return { challenge: await beginEnrolment(acting, { ...owner, method, asked, ...(memo && { memo }) }) }
    },
  })

  route(context, `POST /v1/me/credentials/${method.id}/answer`, {
    ...changes,
    operationId: operationOf('finishEnrolment', method.id),
    summary: `Finish setting up: ${label}`,
    query: Type.Object({ name: Type.Optional(credentialName) }, { additionalProperties: false }),
    body: enrol.answer,
    reply: Type.Object(
      { credential: credentialSchema, notes: anything, ...Type.Partial(tokenPairSchema).properties },
      {
        description:
          'With a new pair of tokens if a former credential was replaced: this session continues with them, all others have ended',
      },
    ),
    status: 201,
    errors: [
      'challenge_not_open',
      'answer_refused',
      'too_many_attempts',
      method.refusal ?? 'enrolment_refused',
      'conflict',
      'busy',
      ...(method.upstream === 'form' ? (['upstream_unavailable'] as const) : []),
    ],
    // Where there is nothing to say, nothing need be sent.
    preValidation(request, _reply, done) {
      request.body ??= {}
      done()
    },
    async handler({ query: { name = null }, body, granted: { acting, ...owner }, request, reply }) {
      const answer = body as Record<string, unknown>
      const { credential, notes, renewed } = await finishEnrolling(acting, { ...owner, method, answer, name })
      if (renewed) setSessionCookie(engine, request, reply, renewed)
      return {
        credential: presentCredential(credential, method),
        notes,
        ...(renewed && tokensFor(engine, renewed, owner.requester.now)),
      }
    },
  })
}
