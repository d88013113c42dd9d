import { Type } from 'typebox'
import { deleteAccount, updateProfile } from '../../../engine/accounts/manage-account.ts'
import { caller, owner } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { presentAccount } from '../../schema/presenters.ts'
import { accountSchema, displayName, locale, nothing, nullable } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const change = Type.Object(
  { name: Type.Optional(nullable(displayName)), locale: Type.Optional(locale) },
  { additionalProperties: false, minProperties: 1 },
)

export function meRoutes(context: HttpContext): void {
  route(context, 'GET /v1/me', {
    operationId: 'getMe',
    tag: 'me',
    summary: 'The account behind the token',
    guard: caller,
    reply: accountSchema,
    handler: ({ granted: { account } }) => presentAccount(account),
  })

  route(context, 'PATCH /v1/me', {
    operationId: 'updateMe',
    tag: 'me',
    summary: 'Change name or language',
    guard: caller,
    body: change,
    reply: accountSchema,
    errors: ['conflict'],
    handler: async ({ body, granted: { account, acting } }) =>
      presentAccount(await updateProfile(acting, { account, change: body })),
  })

  route(context, 'DELETE /v1/me', {
    operationId: 'deleteMe',
    tag: 'me',
    summary: 'Delete the account',
    description: 'Permanently, with its identifiers, credentials and sessions. Needs a recent sign-in.',
    guard: owner('account'),
    reply: nothing('It is gone'),
    errors: ['last_operator'],
    async handler({ granted: { account, requester, acting } }) {
      await deleteAccount(acting, { id: account.id, actor: account.id, requester })
    },
  })
}
