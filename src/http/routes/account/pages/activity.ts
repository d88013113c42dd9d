import { Type } from 'typebox'
import type { AccountWithIdentifiers } from '../../../../domain/account.ts'
import type { Locale } from '../../../../domain/locale.ts'
import type { Engine } from '../../../../engine/engine.ts'
import { type ActivityLine, activityPage, isShown } from '../../../../pages/account/activity-page.ts'
import type { HttpContext } from '../../../context.ts'
import { showPage } from '../../../page/show-page.ts'
import { createSignedInPages } from '../../../page/signed-in-pages.ts'
import { idOf } from '../../../schema/schemas.ts'

const eventsRead = 50

/** The owner's view of the audit log, newest first. */
export async function activityOf(
  engine: Engine,
  {
    account,
    locale,
    before,
  }: { account: Pick<AccountWithIdentifiers, 'id'>; locale: Locale; before: string | null },
): Promise<{ lines: ActivityLine[]; next: string | null }> {
  const events = await engine.store.events.listFiltered({
    subject: account.id,
    kind: null,
    before,
    limit: eventsRead,
  })
  // not an operator's address
  const isOfOwner = (actor: string): boolean => actor === account.id || actor === 'anonymous'
  const lines = events.flatMap(({ at, kind, actor, details }) => {
    if (!isShown(kind)) return []
    const { method: id, source } = (details ?? {}) as { method?: string; source?: string }
    const method = id === undefined ? undefined : engine.methods.find(id)
    return [
      {
        at,
        what: kind,
        method: method?.words[locale].label ?? id ?? '',
        source: isOfOwner(actor) ? (source ?? null) : null,
      },
    ]
  })
  return { lines, next: events.length === eventsRead ? (events.at(-1)?.id ?? null) : null }
}

export function activityPageRoutes(context: HttpContext): void {
  const { engine } = context
  const query = Type.Object({ before: Type.Optional(idOf('evt')) })
  createSignedInPages(context).page(
    '/account/activity',
    { query },
    async ({ account, requester }, { query, request, reply }) => {
      const { locale } = requester
      const { lines, next } = await activityOf(engine, { account, locale, before: query.before ?? null })
      return showPage(
        engine,
        request,
        reply,
        activityPage({ reader: requester, lines, older: next && `/account/activity?before=${next}` }),
      )
    },
  )
}
