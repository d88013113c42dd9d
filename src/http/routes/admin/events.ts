import { Type } from 'typebox'
import { toTimestamp } from '../../../domain/clock.ts'
import { type AuditEvent, eventKinds } from '../../../domain/event.ts'
import { operator } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { limitOf, next, pageQuery, readPage } from '../../schema/paging.ts'
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
      return { events: found.page.map(presentEvent), next: found.next }
    },
  })

  route(context, 'GET /v1/admin/events/feed', {
    operationId: 'followEvents',
    tag: 'admin',
    summary: 'The audit log from a place on, oldest first',
    description:
      'For programs that follow the log without losing a line: begin with `after=0`, and continue with `next`. A line is here within about a second, once it is part of the hash chain, whose order is final. `complete` is false where lines after the place were trimmed.',
    guard: operator('reads'),
    query: Type.Object(
      {
        after: Type.Optional(
          Type.String({ pattern: '^[0-9]{1,15}$', description: 'The `next` of the call before; 0 at first' }),
        ),
        limit: pageQuery('evt').limit,
      },
      { additionalProperties: false },
    ),
    reply: Type.Object({
      events: Type.Array(eventSchema),
      next: Type.String({ description: 'For `after`; the same again if there was no line' }),
      complete: Type.Boolean(),
    }),
    async handler({ query }) {
      const after = Number(query.after ?? 0)
      const { lines, isComplete } = await context.engine.audit.follow({ after, limit: limitOf(query) })
      const next = String(lines.at(-1)?.seq ?? after)
      return { events: lines.map(presentEvent), next, complete: isComplete }
    },
  })
}

const presentEvent = ({ id, at, kind, actor, subject, outcome, details }: AuditEvent) => ({
  ...{ id, kind, actor, subject, outcome, details },
  at: toTimestamp(at),
})
