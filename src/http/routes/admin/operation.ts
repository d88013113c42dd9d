import { type Static, Type } from 'typebox'
import { toTimestamp } from '../../../domain/clock.ts'
import { type EventKind, eventKinds } from '../../../domain/event.ts'
import { adminCaller } from '../../caller/admin-caller.ts'
import type { HttpContext } from '../../context.ts'
import { nullable, timestamp } from '../../schema/schemas.ts'
import { limitOf, next, pageOf, pageQuery, reading, shared } from './paging.ts'

const eventQuery = Type.Object(
  {
    ...pageQuery,
    subject: Type.Optional(Type.String({ maxLength: 64, description: 'Whom or what it is about' })),
    kind: Type.Optional(Type.Enum([...eventKinds])),
  },
  { additionalProperties: false },
)
const eventSchema = Type.Object({
  id: Type.String(),
  at: timestamp('When it happened'),
  kind: Type.Enum([...eventKinds]),
  actor: Type.String(),
  subject: nullable(Type.String()),
  outcome: Type.Enum(['success', 'failure']),
  details: nullable(Type.Record(Type.String(), Type.Unknown())),
})

/** The audit log, and how this server is set. */
export function adminOperationRoutes({ app, engine }: HttpContext): void {
  app.get('/v1/admin/events', {
    schema: {
      ...shared,
      summary: 'The audit log, newest first',
      querystring: eventQuery,
      response: { 200: Type.Object({ events: Type.Array(eventSchema), next }), ...reading() },
    },
    async handler(request) {
      await adminCaller(engine, request, 'reads')
      const query = request.query as Static<typeof eventQuery>
      const limit = limitOf(query)
      const filter = { subject: query.subject ?? null, kind: (query.kind as EventKind | undefined) ?? null, before: query.after ?? null }
      const found = pageOf(await engine.store.events.listFiltered({ ...filter, limit: limit + 1 }), limit, ({ id }) => id)
      const events = found.page.map(({ id, at, kind, actor, subject, outcome, details }) => ({
        ...{ id, kind, actor, subject, outcome, details },
        at: toTimestamp(at),
      }))
      return { events, next: found.next }
    },
  })

  app.get('/v1/admin/settings', {
    schema: {
      ...shared,
      summary: 'How this server is set; never a secret',
      description: 'Settings come from the file, the environment and flags; a running server does not change them.',
      response: { 200: Type.Record(Type.String(), Type.Unknown()), ...reading() },
    },
    async handler(request) {
      await adminCaller(engine, request, 'reads')
      const { issuer, audience, signUp, siteName, signingAlgorithm, signingKeyDays, accessTokenSeconds, sessionDays, sessionIdleDays } =
        engine.settings
      return {
        ...{
          issuer,
          audience,
          sign_up: signUp,
          site_name: siteName,
          signing_algorithm: signingAlgorithm,
          signing_key_days: signingKeyDays,
        },
        ...{ access_token_seconds: accessTokenSeconds, session_days: sessionDays, session_idle_days: sessionIdleDays },
        refresh_grace_seconds: engine.settings.refreshGraceSeconds,
        client_network: engine.settings.clientNetwork,
        methods: engine.methods.list.map(({ id }) => id),
        policy: engine.settings.policy,
      }
    },
  })
}
