import { type Static, Type } from 'typebox'
import { idPattern, isSessionId } from '../../../domain/id.ts'
import { Problem } from '../../../domain/problem.ts'
import { deleteAccount, updateProfile } from '../../../engine/accounts/manage-account.ts'
import { exchangeKey } from '../../../engine/credentials/exchange-key.ts'
import { endSession, endSessions } from '../../../engine/sessions/revoke.ts'
import { accountOf, bearerTokenOf, callerOf, ownerOf } from '../../caller/bearer.ts'
import { requesterOf } from '../../caller/requester.ts'
import type { HttpContext } from '../../context.ts'
import { presentAccount, presentSession } from '../../schema/presenters.ts'
import {
  accountSchema,
  bearerSecurity,
  bodyProblems,
  displayName,
  locale,
  nullable,
  problemResponses,
  sessionSchema,
  tokenPairSchema,
  tokenProblems,
} from '../../schema/schemas.ts'

const sessionsPerPageMax = 100

const change = Type.Object(
  { name: Type.Optional(nullable(displayName)), locale: Type.Optional(locale) },
  { additionalProperties: false, minProperties: 1 },
)
const shared = { tags: ['me'], security: bearerSecurity }

export function meRoutes({ app, engine }: HttpContext): void {
  app.get('/v1/me', {
    schema: { ...shared, summary: 'The account behind the token', response: { 200: accountSchema, ...problemResponses(...tokenProblems) } },
    handler: async (request) => presentAccount((await callerOf(engine, request)).account),
  })

  app.patch('/v1/me', {
    schema: {
      ...shared,
      summary: 'Change name or language',
      body: change,
      response: { 200: accountSchema, ...problemResponses(...tokenProblems, ...bodyProblems, 'conflict') },
    },
    async handler(request) {
      const { account, acting } = await callerOf(engine, request)
      return presentAccount(await updateProfile(acting, { account, change: request.body as Static<typeof change> }))
    },
  })

  app.delete('/v1/me', {
    schema: {
      ...shared,
      summary: 'Delete the account',
      description: 'For good: its identifiers, credentials and sessions go with it. Asks for a recent sign-in.',
      response: {
        204: Type.Null({ description: 'It is gone' }),
        ...problemResponses(...tokenProblems, 'insufficient_user_authentication', 'last_operator'),
      },
    },
    async handler(request, reply) {
      const { account, requester, acting } = await ownerOf(engine, request, 'account')
      await deleteAccount(acting, { id: account.id, actor: account.id, requester })
      return reply.code(204).send()
    },
  })
}

const sessionPage = Type.Object(
  { after: Type.Optional(Type.String({ pattern: idPattern('ses'), description: '`next` of the page before' })) },
  { additionalProperties: false },
)

const keyTokenBody = Type.Union([
  Type.Object(
    { scope: Type.Optional(Type.String({ minLength: 1, maxLength: 256, description: 'Fewer than the key has, separated by spaces' })) },
    { additionalProperties: false },
  ),
  Type.Null(),
])

/** What a program's key is worth to services that check tokens by themselves. */
export function keyTokenRoutes({ app, engine }: HttpContext): void {
  app.post('/v1/me/token', {
    schema: {
      ...shared,
      summary: 'A short token for a program, by its key',
      description:
        'Send the key as the bearer token. The reply holds an access token of no more than the key’s scopes, which says of nobody that they were authenticated, and ends with the key. There is nothing to refresh it with: ask again.',
      body: keyTokenBody,
      response: {
        200: Type.Omit(tokenPairSchema, ['refresh_token']),
        ...problemResponses(...tokenProblems, ...bodyProblems, 'insufficient_scope'),
      },
    },
    async handler(request) {
      const { scope } = (request.body ?? {}) as { scope?: string }
      return exchangeKey(engine, { key: bearerTokenOf(request), scope, requester: requesterOf(engine, request) })
    },
  })
}

export function mySessionRoutes({ app, engine }: HttpContext): void {
  app.get('/v1/me/sessions', {
    schema: {
      ...shared,
      summary: 'Where the account is signed in',
      querystring: sessionPage,
      response: {
        200: Type.Object({ sessions: Type.Array(sessionSchema), next: nullable(Type.String()) }),
        ...problemResponses(...tokenProblems, 'invalid_fields'),
      },
    },
    async handler(request) {
      const { account, sid } = await callerOf(engine, request)
      const { after } = request.query as Static<typeof sessionPage>
      const page = { after: after !== undefined && isSessionId(after) ? after : null, limit: sessionsPerPageMax, now: engine.clock.now() }
      const sessions = await engine.store.sessions.listByAccount(account.id, page)
      return {
        sessions: sessions.map((session) => presentSession(session, sid)),
        next: sessions.length === sessionsPerPageMax ? (sessions.at(-1)?.id ?? null) : null,
      }
    },
  })

  app.delete('/v1/me/sessions', {
    schema: {
      ...shared,
      summary: 'Sign out everywhere else',
      response: { 204: Type.Null({ description: 'Only this session is left' }), ...problemResponses(...tokenProblems) },
    },
    async handler(request, reply) {
      const { account, sid, acting } = await accountOf(engine, request)
      await endSessions(acting, { accountId: account.id, except: sid, ending: 'signed_out_elsewhere', actor: account.id })
      return reply.code(204).send()
    },
  })

  app.delete('/v1/me/sessions/:id', {
    schema: {
      ...shared,
      summary: 'Sign one device out',
      params: Type.Object({ id: Type.String({ pattern: idPattern('ses') }) }),
      response: {
        204: Type.Null({ description: 'It is signed out' }),
        ...problemResponses(...tokenProblems, 'not_found', 'invalid_fields'),
      },
    },
    async handler(request, reply) {
      const { account, sid, acting } = await accountOf(engine, request)
      const { id } = request.params as { id: string }
      const session = isSessionId(id) ? await engine.store.sessions.find(id) : undefined
      // Somebody else's session is as absent as one that never was.
      if (session?.accountId !== account.id) throw new Problem('not_found')
      await endSession(acting, { session, ending: id === sid ? 'signed_out' : 'signed_out_elsewhere', actor: account.id })
      return reply.code(204).send()
    },
  })
}
