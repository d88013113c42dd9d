import { Type } from 'typebox'
import { identifierKinds } from '../../../domain/identifier.ts'
import { codePattern } from '../../../domain/one-time-code.ts'
import {
  beginIdentifierChange,
  confirmIdentifier,
  finishIdentifierChange,
  reachableKinds,
  removeIdentifier,
} from '../../../engine/accounts/change-identifier.ts'
import { owner } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { noBody, nothing } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const examples = { email: 'minji@example.net', phone: '+821087654321' } as const
const params = Type.Object({ kind: Type.Enum([...identifierKinds]) })
const changesIdentifiers = { tag: 'me', guard: owner('identifiers') } as const

export function identifierRoutes(context: HttpContext): void {
  for (const kind of reachableKinds) changeRoutes(context, kind)

  route(context, 'DELETE /v1/me/identifiers/:kind', {
    ...changesIdentifiers,
    operationId: 'deleteMyIdentifier',
    summary: 'Remove an identifier',
    params,
    reply: nothing('It is gone'),
    errors: ['not_found', 'last_way_in'],
    async handler({ params: { kind }, granted: { acting, ...owner } }) {
      await removeIdentifier(acting, { ...owner, kind })
    },
  })

  route(context, 'POST /v1/me/identifiers/:kind/confirm', {
    ...changesIdentifiers,
    operationId: 'confirmMyIdentifier',
    summary: 'Keep an identifier that is suspended',
    params,
    body: noBody,
    reply: nothing('It counts again'),
    errors: ['not_found'],
    async handler({ params: { kind }, granted: { acting, ...owner } }) {
      await confirmIdentifier(acting, { ...owner, kind })
    },
  })
}

function changeRoutes(context: HttpContext, kind: (typeof reachableKinds)[number]): void {
  const name = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`
  route(context, `POST /v1/me/identifiers/${kind}`, {
    ...changesIdentifiers,
    operationId: `change${name}`,
    summary: `Verify or change the ${kind}`,
    description:
      'Sends a code there. Nothing changes until it is confirmed; then the former address is notified, and can undo it for 72 hours.',
    body: Type.Object(
      { value: Type.String({ minLength: 3, maxLength: 254, examples: [examples[kind]] }) },
      { additionalProperties: false },
    ),
    reply: Type.Object({ expires_in: Type.Integer({ description: 'Seconds' }) }),
    errors: ['too_many_attempts'],
    async handler({ body: { value }, granted: { acting, ...owner } }) {
      return { expires_in: (await beginIdentifierChange(acting, { ...owner, kind, value })).expiresInSeconds }
    },
  })

  route(context, `POST /v1/me/identifiers/${kind}/answer`, {
    ...changesIdentifiers,
    operationId: `answer${name}Change`,
    summary: `Confirm the ${kind} with the code`,
    body: Type.Object(
      { code: Type.String({ pattern: codePattern, examples: ['123456'] }) },
      { additionalProperties: false },
    ),
    reply: nothing('It is verified'),
    errors: ['challenge_not_open', 'answer_refused', 'too_many_attempts', 'identifier_taken'],
    async handler({ body: { code }, granted: { acting, ...owner } }) {
      await finishIdentifierChange(acting, { ...owner, kind, code })
    },
  })
}
