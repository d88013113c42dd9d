import { Type } from 'typebox'
import { callbackUrl, selfUrl } from '../../../domain/connection.ts'
import type { Locale } from '../../../domain/locale.ts'
import { connectionsMax, type Organisation } from '../../../domain/organisation.ts'
import { freeSlug } from '../../../engine/connections/free-slug.ts'
import { connectionName } from '../../../engine/connections/upstreams.ts'
import type { Engine } from '../../../engine/engine.ts'
import { listInvitations } from '../../../engine/organisations/invitations.ts'
import { listMembers, removeMember } from '../../../engine/organisations/members.ts'
import { myOrganisationsPage } from '../../../pages/organisations/my-organisations-page.ts'
import { organisationPage } from '../../../pages/organisations/organisation-page.ts'
import { membershipOf } from '../../caller/organisation-admin.ts'
import type { HttpContext } from '../../context.ts'
import { accountLabel } from '../../page/account-label.ts'
import { faultQuery } from '../../page/page-fault.ts'
import { saidQuery, saying } from '../../page/said.ts'
import { showPage } from '../../page/show-page.ts'
import { createSignedInPages, type SignedIn } from '../../page/signed-in-pages.ts'
import { idOf } from '../../schema/schemas.ts'
import { idParams } from './door.ts'

export const listPath = '/account/organisations'
export const organisationPath = `${listPath}/:id`
export const operation = 'account'
const membersShown = 50
const mineMax = 200
const feedback = { ...faultQuery, ...saidQuery }

/** The organisations of the account, and what their admins manage. */
export function organisationPageRoutes(context: HttpContext): void {
  const { engine } = context
  const { page, form } = createSignedInPages(context)

  page(
    listPath,
    { query: Type.Object(feedback) },
    async ({ account, requester }, { query, request, reply }) => {
      const { fault = null, said = null } = query
      const found = await engine.store.memberships.listOfAccount(account.id, mineMax)
      const organisations = found.map(({ organisation: { id, name }, roles, isAdmin }) => ({
        ...{ id, name, roles, isAdmin },
      }))
      const shown = { locale: requester.locale, organisations, fault, said }
      return showPage(engine, request, reply, myOrganisationsPage(shown))
    },
  )

  form(
    `${organisationPath}/leave`,
    { params: idParams, back: listPath },
    async (user, { params: { id } }) => {
      const { organisation, actor } = await membershipOf(engine, { ...byUser(user), id, deed: 'looks' })
      const accountId = user.account.id
      await removeMember(user.acting, { organisation, accountId, actor, byOperator: false })
      return saying(listPath, 'left')
    },
  )

  const query = Type.Object({ ...feedback, after: Type.Optional(idOf('acc')) })
  page(
    organisationPath,
    { params: idParams, query, operation },
    async (user, { params: { id }, query, request, reply }) => {
      const { after = null, fault = null, said = null } = query
      const { organisation } = await membershipOf(engine, { ...byUser(user), id, deed: 'reads' })
      const members = await listMembers(engine, id, { after, limit: membersShown + 1 })
      const shown = members.slice(0, membersShown)
      return showPage(
        engine,
        request,
        reply,
        organisationPage({
          ...{ reader: user.requester, organisation, fault, said },
          members: shown.map(({ account, membership: { roles, isAdmin, breakGlass } }) => ({
            accountId: account.id,
            label: account.name ?? accountLabel(account),
            email: account.identifiers.find(({ kind }) => kind === 'email')?.display ?? null,
            ...{ roles, isAdmin, breakGlass, isOwn: account.id === user.account.id },
          })),
          next: members.length > membersShown ? (shown.at(-1)?.account.id ?? null) : null,
          invitations: await listInvitations(engine, id),
          domains: await engine.store.organisationDomains.list(id),
          provider: await providerOf(engine, organisation, user.requester.locale),
        }),
      )
    },
  )
}

/** The organisation's own identity providers, and what the next one is given. */
async function providerOf(engine: Engine, { id, slug, policy }: Organisation, locale: Locale) {
  const { issuer } = engine.settings
  const page = { after: null, limit: connectionsMax }
  const found = await engine.store.connections.listOfOrganisation(id, page)
  const next = { slug: await freeSlug(engine, slug) }
  return {
    connections: found.map((one) => ({
      ...{ id: one.id, slug: one.slug, isEnabled: one.state === 'enabled' },
      name: connectionName(engine, one, locale),
    })),
    isRequired: policy.methods !== undefined,
    own: { acs: callbackUrl(issuer, next), entityId: selfUrl(issuer, next) },
  }
}

export const byUser = ({ account, session }: SignedIn) => ({ account, sid: session.id })
