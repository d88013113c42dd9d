import { Type } from 'typebox'
import { toTimestamp } from '../../../../domain/clock.ts'
import { deleteAccount } from '../../../../engine/accounts/manage-account.ts'
import { listApplications } from '../../../../engine/clients/authorized-applications.ts'
import { dataPage, deletedPage, deletePage } from '../../../../pages/account/data-pages.ts'
import { clearSessionCookie } from '../../../caller/session-cookie.ts'
import type { HttpContext } from '../../../context.ts'
import { accountLabel } from '../../../page/account-label.ts'
import { faultQuery } from '../../../page/page-fault.ts'
import { showPage } from '../../../page/show-page.ts'
import { createSignedInPages, type SignedIn } from '../../../page/signed-in-pages.ts'
import { presentAccount, presentCredential, presentSession } from '../../../schema/presenters.ts'

const operation = 'account'
const rowsAtOnce = 500

/** Export of the account's data (GDPR Articles 15 and 20), and its deletion (Article 17). */
export function dataPageRoutes(context: HttpContext): void {
  const { engine } = context
  const { page, form } = createSignedInPages(context)

  page('/account/data', { operation }, ({ requester: { locale } }, { request, reply }) =>
    showPage(engine, request, reply, dataPage(locale)),
  )

  form('/account/data', { operation, back: '/account/data' }, async (user, { reply }) => {
    reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('content-disposition', 'attachment; filename="account.json"')
    return reply.send(JSON.stringify(await everythingOf(user), null, 2))
  })

  const typed = Type.Object(
    { name: Type.String({ minLength: 1, maxLength: 254 }) },
    { additionalProperties: false },
  )
  page(
    '/account/delete',
    { operation, query: Type.Object(faultQuery) },
    ({ account, requester: { locale } }, { query: { fault = null }, request, reply }) =>
      showPage(engine, request, reply, deletePage({ locale, name: accountLabel(account), fault })),
  )

  form(
    '/account/delete',
    { operation, body: typed, back: '/account/delete' },
    async ({ account, requester, acting }, { body: { name }, request, reply }) => {
      if (name.trim() !== accountLabel(account)) return '/account/delete?fault=confirmDelete'
      await deleteAccount(acting, { id: account.id, actor: account.id, requester })
      clearSessionCookie(engine, reply)
      return showPage(engine, request, reply, deletedPage(requester.locale))
    },
  )

  async function everythingOf({ account, credentials, session, requester }: SignedIn) {
    const events = []
    for (let before: string | null = null; ; ) {
      const some = await engine.store.events.listFiltered({
        subject: account.id,
        kind: null,
        before,
        limit: rowsAtOnce,
      })
      events.push(
        ...some.map(({ at, kind, outcome, details }) => ({ at: toTimestamp(at), kind, outcome, details })),
      )
      before = some.at(-1)?.id ?? null
      if (some.length < rowsAtOnce || before === null) break
    }
    const sessions = await engine.store.sessions.listByAccount(account.id, {
      after: null,
      limit: rowsAtOnce,
      now: requester.now,
    })
    const provisioned = await engine.store.scimUsers.listOfAccount(account.id)
    return {
      account: presentAccount(account),
      credentials: credentials.map((credential) =>
        presentCredential(credential, engine.methods.find(credential.kind)),
      ),
      sessions: sessions.map((one) => presentSession(one, session.id)),
      applications: await listApplications(engine, account.id),
      directories: provisioned.map(({ organisationId, attributes }) => ({
        organisation: organisationId,
        attributes,
      })),
      events,
    }
  }
}
