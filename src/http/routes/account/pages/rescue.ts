import { Type } from 'typebox'
import { identifierKinds } from '../../../../domain/identifier.ts'
import { confirmIdentifier, removeIdentifier } from '../../../../engine/accounts/change-identifier.ts'
import { confirmCredential, removeCredential } from '../../../../engine/credentials/credentials.ts'
import { rescuePage } from '../../../../pages/account/rescue-page.ts'
import type { HttpContext } from '../../../context.ts'
import { faultQuery } from '../../../page/page-fault.ts'
import { saidQuery, saying } from '../../../page/said.ts'
import { showPage } from '../../../page/show-page.ts'
import { createSignedInPages } from '../../../page/signed-in-pages.ts'
import { waysToAdd } from '../../../page/ways.ts'
import { idOf } from '../../../schema/schemas.ts'
import { activityOf } from './activity.ts'

export const rescuePath = '/account/rescue'
const activityShown = 10
const query = Type.Object({ ...faultQuery, ...saidQuery })

/** After undoing a change of address, the owner confirms what is theirs. */
export function rescuePageRoutes(context: HttpContext): void {
  const { engine } = context
  const { page, form } = createSignedInPages(context)

  page(
    rescuePath,
    { operation: 'credentials', query },
    async ({ account, credentials, requester }, { query: { fault = null, said = null }, request, reply }) => {
      const { locale } = requester
      const isThere = (id: string) =>
        credentials.some(({ kind, suspendedAt }) => kind === id && suspendedAt === null)
      const content = rescuePage({
        reader: requester,
        credentials: credentials
          .filter(({ suspendedAt }) => suspendedAt !== null)
          .map((credential) => ({ credential, method: engine.methods.find(credential.kind) })),
        identifiers: account.identifiers.filter(({ suspendedAt }) => suspendedAt !== null),
        missing: waysToAdd(engine.methods.list).filter(
          ({ id, canClaim }) => canClaim.standsAlone && !isThere(id),
        ),
        activity: (await activityOf(engine, { account, locale, before: null })).lines.slice(0, activityShown),
        fault,
        said,
      })
      return showPage(engine, request, reply, content)
    },
  )

  const credential = Type.Object({ id: idOf('crd') })
  const ofCredential = { operation: 'credentials', params: credential, back: rescuePath } as const
  form(`${rescuePath}/credentials/:id/keep`, ofCredential, async ({ acting, ...user }, { params }) => {
    await confirmCredential(acting, { ...user, ...params })
    return saying(rescuePath, 'kept')
  })
  form(`${rescuePath}/credentials/:id/remove`, ofCredential, async ({ acting, ...user }, { params }) => {
    await removeCredential(acting, { ...user, ...params })
    return saying(rescuePath, 'removed')
  })

  const identifier = Type.Object({ kind: Type.Enum([...identifierKinds]) })
  const ofIdentifier = { operation: 'identifiers', params: identifier, back: rescuePath } as const
  form(`${rescuePath}/identifiers/:kind/keep`, ofIdentifier, async ({ acting, ...user }, { params }) => {
    await confirmIdentifier(acting, { ...user, ...params })
    return saying(rescuePath, 'kept')
  })
  form(`${rescuePath}/identifiers/:kind/remove`, ofIdentifier, async ({ acting, ...user }, { params }) => {
    await removeIdentifier(acting, { ...user, ...params })
    return saying(rescuePath, 'removed')
  })
}
