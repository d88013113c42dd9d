import { Type } from 'typebox'
import type { OrganisationId } from '../../../domain/id.ts'
import { adminRole } from '../../../domain/organisation.ts'
import { Problem } from '../../../domain/problem.ts'
import { addConnection, findConnection, removeConnection } from '../../../engine/connections/connections.ts'
import { freeSlug } from '../../../engine/connections/free-slug.ts'
import type { Engine } from '../../../engine/engine.ts'
import { claimDomain, removeDomain, verifyDomain } from '../../../engine/organisations/domains.ts'
import {
  inviteMember,
  resendInvitation,
  withdrawInvitation,
} from '../../../engine/organisations/invitations.ts'
import { removeMember, updateMember } from '../../../engine/organisations/members.ts'
import { requireConnections, stopRequiring } from '../../../engine/organisations/require-connection.ts'
import { membershipOf } from '../../caller/organisation-admin.ts'
import type { HttpContext } from '../../context.ts'
import { saying } from '../../page/said.ts'
import { createSignedInPages, type SignedIn } from '../../page/signed-in-pages.ts'
import { idOf } from '../../schema/schemas.ts'
import { idParams } from './door.ts'
import { byUser, listPath, operation, organisationPath } from './pages.ts'

/** What an admin changes on the page of the organisation. */
export function organisationFormRoutes(context: HttpContext): void {
  const adminForm = createAdminForm(context)
  memberForms(adminForm)
  emergencyForms(adminForm)
  invitationForms(adminForm)
  domainForms(adminForm)
  providerForms(context, adminForm)
}

const ofMember = Type.Object({ id: idOf('org'), account: idOf('acc') })
type AdminForm = ReturnType<typeof createAdminForm>

/** A form of an admin: acts under their role, and returns to the page of the organisation. */
function createAdminForm(context: HttpContext) {
  const { engine } = context
  const { form } = createSignedInPages(context)
  return <Params extends typeof idParams, Body extends Parameters<typeof Type.Object>[0]>(
    at: string,
    given: { params: Params; fields?: Body },
    act: (
      admin: Awaited<ReturnType<typeof membershipOf>>,
      call: { params: Record<string, string>; body: Record<string, string>; user: SignedIn },
    ) => Promise<Parameters<typeof saying>[1]>,
  ): void =>
    form(
      `${organisationPath}/${at}`,
      {
        ...{ params: given.params, operation, back: organisationPath },
        body: Type.Object(given.fields ?? {}, { additionalProperties: false }),
      },
      async (user, { params, body }) => {
        const { id } = params as { id: OrganisationId }
        const admin = await membershipOf(engine, { ...byUser(user), id, deed: 'changes' })
        const said = await act(admin, { params, body: body as Record<string, string>, user })
        return saying(`${listPath}/${id}`, said)
      },
    )
}

function memberForms(adminForm: AdminForm): void {
  for (const [at, isAdmin] of [
    ['members/:account/admin', true],
    ['members/:account/not-admin', false],
  ] as const)
    adminForm(at, { params: ofMember }, async ({ acting, organisation, actor }, { params }) => {
      const accountId = params.account as `acc_${string}`
      const change = { isAdmin }
      await updateMember(acting, { organisation, accountId, change, actor, byOperator: false })
      return 'changed'
    })
  adminForm(
    'members/:account/remove',
    { params: ofMember },
    async ({ acting, organisation, actor }, call) => {
      const accountId = call.params.account as `acc_${string}`
      await removeMember(acting, { organisation, accountId, actor, byOperator: false })
      return 'removed'
    },
  )
}

function emergencyForms(adminForm: AdminForm): void {
  for (const [at, breakGlass] of [
    ['members/:account/emergency', true],
    ['members/:account/no-emergency', false],
  ] as const)
    adminForm(at, { params: ofMember }, async ({ acting, organisation, actor }, { params }) => {
      const accountId = params.account as `acc_${string}`
      const change = { breakGlass }
      await updateMember(acting, { organisation, accountId, change, actor, byOperator: false })
      return 'changed'
    })
}

/** The organisation's own identity providers, by SAML. */
function providerForms({ engine }: HttpContext, adminForm: AdminForm): void {
  const source = {
    url: Type.Optional(Type.String({ maxLength: 1024 })),
    metadata: Type.Optional(Type.String({ maxLength: 60_000 })),
  }
  adminForm('connections', { params: idParams, fields: source }, async (admin, { body }) => {
    const { acting, organisation, actor } = admin
    const { url, metadata: xml } = body
    if (url === undefined && xml === undefined) throw new Problem('invalid_fields')
    const metadata = xml === undefined ? { url: url as string } : { xml }
    const slug = await freeSlug(engine, organisation.slug)
    const preset = presetWithMetadata(engine)
    const given = { preset, slug, organisationId: organisation.id, metadata, actor }
    await addConnection(acting, given)
    return 'saved'
  })
  const ofConnection = Type.Object({ id: idOf('org'), connection: idOf('con') })
  adminForm('connections/:connection/remove', { params: ofConnection }, async (admin, { params }) => {
    const { acting, organisation, actor } = admin
    const id = params.connection as `con_${string}`
    const connection = await findConnection(acting, { id, organisationId: organisation.id })
    await removeConnection(acting, { connection, actor })
    return 'removed'
  })
  adminForm('require', { params: idParams }, async ({ acting, organisation, account }) => {
    await requireConnections(acting, { organisation, accountId: account.id })
    return 'changed'
  })
  adminForm('relax', { params: idParams }, async ({ acting, organisation, account }) => {
    await stopRequiring(acting, { organisation, accountId: account.id })
    return 'changed'
  })
}

function invitationForms(adminForm: AdminForm): void {
  const invited = {
    email: Type.String({ minLength: 3, maxLength: 254 }),
    admin: Type.Optional(Type.Literal('yes')),
  }
  adminForm(
    'invitations',
    { params: idParams, fields: invited },
    async ({ acting, organisation, actor }, call) => {
      const { email = '', admin } = call.body
      const roles = admin === 'yes' ? [adminRole] : []
      const { locale } = call.user.requester
      await inviteMember(acting, { organisation, actor, email, roles, locale })
      return 'invited'
    },
  )
  const ofInvitation = Type.Object({ id: idOf('org'), invitation: idOf('tkt') })
  adminForm('invitations/:invitation/resend', { params: ofInvitation }, async (admin, { params }) => {
    const { acting, organisation, actor } = admin
    await resendInvitation(acting, { organisation, actor, id: params.invitation as `tkt_${string}` })
    return 'invited'
  })
  adminForm('invitations/:invitation/withdraw', { params: ofInvitation }, async (admin, { params }) => {
    const { acting, organisation, actor } = admin
    await withdrawInvitation(acting, { organisation, actor, id: params.invitation as `tkt_${string}` })
    return 'removed'
  })
}

function domainForms(adminForm: AdminForm): void {
  const claimed = { domain: Type.String({ minLength: 3, maxLength: 253 }) }
  adminForm(
    'domains',
    { params: idParams, fields: claimed },
    async ({ acting, organisation, actor }, { body }) => {
      await claimDomain(acting, { organisation, actor, domain: body.domain ?? '' })
      return 'claimed'
    },
  )
  const ofDomain = Type.Object({ id: idOf('org'), domain: claimed.domain })
  adminForm('domains/:domain/verify', { params: ofDomain }, async ({ acting, organisation, actor }, call) => {
    await verifyDomain(acting, { organisation, actor, domain: call.params.domain ?? '' })
    return 'verified'
  })
  adminForm('domains/:domain/remove', { params: ofDomain }, async ({ acting, organisation, actor }, call) => {
    await removeDomain(acting, { organisation, actor, domain: call.params.domain ?? '' })
    return 'removed'
  })
}

/** The preset of the protocol whose providers describe themselves by metadata. */
function presetWithMetadata({ federation: { kinds, presets } }: Engine): string {
  const kind = kinds.find(({ readMetadata }) => readMetadata !== undefined)
  return presets.find((preset) => preset.kind === kind?.id)?.id ?? ''
}
