import { Type } from 'typebox'
import { toTimestamp } from '../../../domain/clock.ts'
import { eventKinds } from '../../../domain/event.ts'
import { operator } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { next, pageQuery, readPage } from '../../schema/paging.ts'
import { anything, nullable, timestamp } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const eventSchema = Type.Object(
  {
    id: Type.String(),
    at: timestamp('When it happened'),
    kind: Type.Enum([...eventKinds]),
    actor: Type.String(),
    subject: nullable(Type.String()),
    outcome: Type.Enum(['success', 'failure']),
    details: nullable(anything),
  },
  { $id: 'AuditEvent', description: 'A line of the audit log' },
)

/** The audit log. */
export function adminEventRoutes(context: HttpContext): void {
  route(context, 'GET /v1/admin/events', {
    operationId: 'listEvents',
    tag: 'admin',
    summary: 'The audit log, newest first',
    guard: operator('reads'),
    query: Type.Object(
      {
        ...pageQuery('evt'),
        subject: Type.Optional(Type.String({ maxLength: 64, description: 'The account or other subject' })),
        kind: Type.Optional(Type.Enum([...eventKinds])),
      },
      { additionalProperties: false },
    ),
    reply: Type.Object({ events: Type.Array(eventSchema), next }),
    async handler({ query: { subject = null, kind = null, ...query } }) {
      const found = await readPage(query, ({ after: before, limit }) =>
        context.engine.store.events.listFiltered({ subject, kind, before, limit }),
      )
      const events = found.page.map(({ id, at, kind, actor, subject, outcome, details }) => ({
        ...{ id, kind, actor, subject, outcome, details },
        at: toTimestamp(at),
      }))
      return { events, next: found.next }
    },
  })
}
