import { type Static, Type } from 'typebox'
import { accountKinds, accountRoles, accountStates } from '../../../domain/account.ts'
import type { AccountId } from '../../../domain/id.ts'
import { Problem } from '../../../domain/problem.ts'
import { addAccount } from '../../../engine/accounts/add-account.ts'
import { findByName, normalName } from '../../../engine/accounts/find-account.ts'
import { deleteAccount, setAccountRole, setAccountState, updateProfile } from '../../../engine/accounts/manage-account.ts'
import { adminCaller, sendRevision, wantedRevision } from '../../caller/admin-caller.ts'
import { pageLocale } from '../../caller/locale.ts'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { presentAccount } from '../../schema/presenters.ts'
import { accountSchema, displayName, locale, nullable } from '../../schema/schemas.ts'
import { accountOr404, accountParams, changing, limitOf, next, pageOf, pageQuery, reading, shared } from './paging.ts'

const listQuery = Type.Object(
  {
    ...pageQuery,
    state: Type.Optional(Type.Enum([...accountStates])),
    role: Type.Optional(Type.Enum([...accountRoles])),
    search: Type.Optional(
      Type.String({ minLength: 1, maxLength: 254, description: 'Accounts with an identifier or a name that begins so; on one page' }),
    ),
    identifier: Type.Optional(Type.String({ minLength: 1, maxLength: 254, description: 'The one account of this name' })),
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
const gone = Type.Null({ description: 'It is gone' })
type Id = { id: AccountId }

/** Looking for accounts. */
export function adminAccountRoutes({ app, engine }: HttpContext): void {
  app.get('/v1/admin/accounts', {
    schema: {
      ...shared,
      summary: 'Accounts, oldest first',
      querystring: listQuery,
      response: { 200: Type.Object({ accounts: Type.Array(accountSchema), next }), ...reading() },
    },
    async handler(request) {
      await adminCaller(engine, request, 'reads')
      const query = request.query as Static<typeof listQuery>
      if (query.identifier !== undefined) {
        const { account } = await findByName(engine, normalName(engine, query.identifier, pageLocale(request)))
        return { accounts: account ? [presentAccount(account)] : [], next: null }
      }
      const limit = limitOf(query)
      if (query.search !== undefined)
        return { accounts: (await engine.store.accounts.search({ text: query.search, limit })).map(presentAccount), next: null }
      const filter = { state: query.state ?? null, role: query.role ?? null, after: (query.after as AccountId | undefined) ?? null }
      const found = pageOf(await engine.store.accounts.list({ ...filter, limit: limit + 1 }), limit, ({ id }) => id)
      return { accounts: found.page.map(presentAccount), next: found.next }
    },
  })

  app.get('/v1/admin/accounts/:id', {
    schema: { ...shared, summary: 'One account', params: accountParams, response: { 200: accountSchema, ...reading('not_found') } },
    async handler(request, reply) {
      await adminCaller(engine, request, 'reads')
      const account = await accountOr404(engine, (request.params as Id).id)
      return sendRevision(reply, account.revision).send(presentAccount(account))
    },
  })
}

/** Making, changing and deleting them. */
export function adminAccountChangeRoutes({ app, engine }: HttpContext): void {
  app.post('/v1/admin/accounts', {
    schema: {
      ...shared,
      summary: 'Make an account, also where sign-up is closed',
      description: 'It has no password: its owner recovers it by mail, or a key is issued to a service.',
      body: creation,
      response: { 201: accountSchema, ...changing('identifier_taken') },
    },
    async handler(request, reply) {
      const { actor, acting } = await adminCaller(engine, request, 'changes')
      const { email, username, phone, name, locale: language, role, kind } = request.body as Static<typeof creation>
      const account = await addAccount(acting, {
        identifiers: {
          ...(email !== undefined && { email }),
          ...(username !== undefined && { username }),
          ...(phone !== undefined && { phone }),
        },
        name: name ?? null,
        locale: language ?? 'en',
        kind: kind ?? 'person',
        role: role ?? 'member',
        credential: null,
        requester: requesterOf(engine, request),
        actor,
      })
      return sendRevision(reply, account.revision).code(201).send(presentAccount(account))
    },
  })

  app.patch('/v1/admin/accounts/:id', {
    schema: {
      ...shared,
      summary: 'Change, disable or enable an account',
      description: 'Disabling ends every session of it, and so does another role.',
      params: accountParams,
      body: change,
      response: { 200: accountSchema, ...changing('not_found', 'conflict', 'precondition_failed', 'last_operator') },
    },
    async handler(request, reply) {
      const { actor, acting } = await adminCaller(engine, request, 'changes')
      const { state, role, ...profile } = request.body as Static<typeof change>
      const account = await accountOr404(engine, (request.params as Id).id)
      const wanted = wantedRevision(request)
      if (wanted !== null && wanted !== account.revision) throw new Problem('precondition_failed')
      if (Object.keys(profile).length > 0) await updateProfile(acting, { account, change: profile, actor })
      if (state !== undefined && state !== account.state) await setAccountState(acting, { id: account.id, state, actor })
      if (role !== undefined && role !== account.role) await setAccountRole(acting, { id: account.id, role, actor })
      const changed = await accountOr404(engine, account.id)
      return sendRevision(reply, changed.revision).send(presentAccount(changed))
    },
  })

  app.delete('/v1/admin/accounts/:id', {
    schema: {
      ...shared,
      summary: 'Delete an account, for good',
      params: accountParams,
      response: { 204: gone, ...changing('not_found', 'last_operator') },
    },
    async handler(request, reply) {
      const { actor, acting } = await adminCaller(engine, request, 'changes')
      await deleteAccount(acting, { id: (request.params as Id).id, actor, requester: requesterOf(engine, request) })
      return reply.code(204).send()
    },
  })
}
