import { Type } from 'typebox'
import { accountKinds, accountRoles, accountStates } from '../../../domain/account.ts'
import { Problem } from '../../../domain/problem.ts'
import { addAccount } from '../../../engine/accounts/add-account.ts'
import { findByName, normalName } from '../../../engine/accounts/find-account.ts'
import {
  deleteAccount,
  setAccountRole,
  setAccountState,
  updateProfile,
} from '../../../engine/accounts/manage-account.ts'
import { sendRevision, wantedRevision } from '../../caller/admin-caller.ts'
import { operator } from '../../caller/guards.ts'
import { pageLocale } from '../../caller/locale.ts'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { limitOf, next, pageQuery, readPage } from '../../schema/paging.ts'
import { presentAccount } from '../../schema/presenters.ts'
import { accountSchema, displayName, idOf, locale, nothing, nullable } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'
import { accountOr404 } from './find-or-404.ts'

const listQuery = Type.Object(
  {
    ...pageQuery('acc'),
    state: Type.Optional(Type.Enum([...accountStates])),
    role: Type.Optional(Type.Enum([...accountRoles])),
    search: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 254,
        description: 'Accounts with an identifier or a name that has this prefix; on one page',
      }),
    ),
    identifier: Type.Optional(
      Type.String({ minLength: 1, maxLength: 254, description: 'The one account of this name' }),
    ),
  },
  { additionalProperties: false },
)
const creation = Type.Object(
  {
    email: Type.Optional(Type.String({ maxLength: 254 })),
    username: Type.Optional(Type.String({ maxLength: 64 })),
    phone: Type.Optional(Type.String({ maxLength: 32 })),
    name: Type.Optional(displayName),
    locale: Type.Optional(locale),
    role: Type.Optional(Type.Enum([...accountRoles])),
    kind: Type.Optional(Type.Enum([...accountKinds])),
  },
  { additionalProperties: false },
)
const change = Type.Object(
  {
    name: Type.Optional(nullable(displayName)),
    locale: Type.Optional(locale),
    state: Type.Optional(Type.Enum([...accountStates])),
    role: Type.Optional(Type.Enum([...accountRoles])),
  },
  { additionalProperties: false, minProperties: 1 },
)

const params = Type.Object({ id: idOf('acc') })
const reads = { tag: 'admin', guard: operator('finds') } as const
const changes = { tag: 'admin', guard: operator('changes') } as const

/** Looking for accounts. */
export function adminAccountRoutes(context: HttpContext): void {
  const { engine } = context

  route(context, 'GET /v1/admin/accounts', {
    ...reads,
    operationId: 'listAccounts',
    summary: 'Accounts, oldest first',
    query: listQuery,
    reply: Type.Object({ accounts: Type.Array(accountSchema), next }),
    async handler({ query: { identifier, search, state = null, role = null, ...query }, request }) {
      if (identifier !== undefined) {
        const { account } = await findByName(engine, normalName(engine, identifier, pageLocale(request)))
        return { accounts: account ? [presentAccount(account)] : [], next: null }
      }
      if (search !== undefined) {
        const found = await engine.store.accounts.search({ text: search, limit: limitOf(query) })
        return { accounts: found.map(presentAccount), next: null }
      }
      const found = await readPage(query, (page) => engine.store.accounts.list({ ...page, state, role }))
      return { accounts: found.page.map(presentAccount), next: found.next }
    },
  })

  route(context, 'GET /v1/admin/accounts/:id', {
    ...reads,
    operationId: 'getAccount',
    summary: 'One account',
    params,
    reply: accountSchema,
    errors: ['not_found'],
    async handler({ params: { id }, reply }) {
      const account = await accountOr404(engine, id)
      sendRevision(reply, account.revision)
      return presentAccount(account)
    },
  })
}

/** Making, changing and deleting them. */
export function adminAccountChangeRoutes(context: HttpContext): void {
  const { engine } = context

  route(context, 'POST /v1/admin/accounts', {
    ...changes,
    operationId: 'createAccount',
    summary: 'Make an account, also where sign-up is closed',
    description: 'It has no password: its owner recovers it by mail, or a service gets an API key.',
    body: creation,
    reply: accountSchema,
    status: 201,
    errors: ['identifier_taken'],
    async handler({ body, granted: { actor, acting }, request, reply }) {
      const { email, username, phone, name = null, locale = 'en', role = 'member', kind = 'person' } = body
      const identifiers = {
        ...(email !== undefined && { email }),
        ...(username !== undefined && { username }),
        ...(phone !== undefined && { phone }),
      }
      const requester = requesterOf(engine, request)
      const account = await addAccount(acting, {
        identifiers,
        name,
        locale,
        kind,
        role,
        credential: null,
        requester,
        actor,
      })
      sendRevision(reply, account.revision)
      return presentAccount(account)
    },
  })

  route(context, 'PATCH /v1/admin/accounts/:id', {
    ...changes,
    operationId: 'updateAccount',
    summary: 'Change, disable or enable an account',
    description: 'Disabling it, or changing its role, ends all its sessions.',
    params,
    body: change,
    reply: accountSchema,
    errors: ['not_found', 'conflict', 'precondition_failed', 'last_operator'],
    async handler({
      params: { id },
      body: { state, role, ...profile },
      granted: { actor, acting },
      request,
      reply,
    }) {
      const account = await accountOr404(engine, id)
      const wanted = wantedRevision(request)
      if (wanted !== null && wanted !== account.revision) throw new Problem('precondition_failed')
      if (Object.keys(profile).length > 0) await updateProfile(acting, { account, change: profile, actor })
      if (state !== undefined && state !== account.state) await setAccountState(acting, { id, state, actor })
      if (role !== undefined && role !== account.role) await setAccountRole(acting, { id, role, actor })
      const changed = await accountOr404(engine, id)
      sendRevision(reply, changed.revision)
      return presentAccount(changed)
    },
  })

  route(context, 'DELETE /v1/admin/accounts/:id', {
    ...changes,
    operationId: 'deleteAccount',
    summary: 'Delete an account permanently',
    params,
    reply: nothing('It is gone'),
    errors: ['not_found', 'last_operator'],
    async handler({ params: { id }, granted: { actor, acting }, request }) {
      await deleteAccount(acting, { id, actor, requester: requesterOf(engine, request) })
    },
  })
}
