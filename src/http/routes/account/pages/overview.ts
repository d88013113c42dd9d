import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Credential } from '../../../../domain/credential.ts'
import { type Locale, locales } from '../../../../domain/locale.ts'
import { Problem } from '../../../../domain/problem.ts'
import { updateProfile } from '../../../../engine/accounts/manage-account.ts'
import { listApplications, withdrawApplication } from '../../../../engine/clients/authorized-applications.ts'
import { departFrom } from '../../../../engine/clients/saml-departure.ts'
import { signOutUpstream } from '../../../../engine/connections/leave-upstream.ts'
import type { Engine } from '../../../../engine/engine.ts'
import { readInvitation } from '../../../../engine/organisations/invitations.ts'
import { endSession, endSessions } from '../../../../engine/sessions/revoke.ts'
import { type OverviewPage, overviewPage } from '../../../../pages/account/overview-page.ts'
import type { UpstreamButton } from '../../../../pages/upstream-pages.ts'
import { keptInvitation } from '../../../caller/invitation-cookie.ts'
import { clearSessionCookie } from '../../../caller/session-cookie.ts'
import type { HttpContext } from '../../../context.ts'
import { namesOf } from '../../../page/account-label.ts'
import { faultQuery } from '../../../page/page-fault.ts'
import { saidQuery, saying } from '../../../page/said.ts'
import { showPage } from '../../../page/show-page.ts'
import { createSignedInPages, type SignedIn } from '../../../page/signed-in-pages.ts'
import { buttonFor, showSignedOut, showSignOutThere } from '../../../page/upstreams.ts'
import { waysToAdd } from '../../../page/ways.ts'
import { idOf } from '../../../schema/schemas.ts'
import { activityOf } from './activity.ts'
import { securityOf } from './security.ts'

const sessionsShown = 50
const activityShown = 5
const organisationsShown = 20
const query = Type.Object({ ...faultQuery, ...saidQuery })
const profile = Type.Object(
  { name: Type.Optional(Type.String({ maxLength: 100 })), locale: Type.Enum([...locales]) },
  { additionalProperties: false },
)

/** One's own account, as pages. */
export function accountPageRoutes(context: HttpContext): void {
  const { engine } = context
  const { page, form } = createSignedInPages(context)
  const canAdd = waysToAdd(engine.methods.list)

  async function gather({
    account,
    session,
    credentials,
    requester,
  }: SignedIn): Promise<Omit<OverviewPage, 'fault' | 'said' | 'invitedBy'>> {
    const linkable = await linkableFor(engine, requester.locale)
    const sessions = await engine.store.sessions.listByAccount(account.id, {
      after: null,
      limit: sessionsShown,
      now: requester.now,
    })
    return {
      reader: requester,
      account,
      label: namesOf(account).label,
      security: securityOf(engine, { account, credentials, canAdd, locale: requester.locale }),
      credentials: credentials.flatMap((one) => presentRow(engine, one, linkable)),
      canAdd,
      canLink: [...linkable.values()],
      session,
      sessions: [session, ...sessions.filter(({ id }) => id !== session.id)],
      applications: await listApplications(engine, account.id),
      organisations: await organisationNames(engine, account),
      activity: (await activityOf(engine, { account, locale: requester.locale, before: null })).lines.slice(
        0,
        activityShown,
      ),
    }
  }

  for (const [path, greeting] of [
    ['/account', null],
    ['/account/welcome', 'welcome'],
  ] as const)
    page(path, { query }, async (user, { query: { fault = null, said = greeting }, request, reply }) =>
      showPage(
        engine,
        request,
        reply,
        overviewPage({ ...(await gather(user)), invitedBy: await invitedBy(engine, request), fault, said }),
      ),
    )

  form(
    '/account/profile',
    { body: profile },
    async ({ account, acting }, { body: { name = null, locale } }) => {
      await updateProfile(acting, { account, change: { name, locale } })
      return saying('/account', 'saved')
    },
  )

  form('/account/sign-out', {}, async ({ session, credentials, requester, acting }, call) => {
    await endSession(acting, { session, ending: 'signed_out', actor: session.accountId })
    clearSessionCookie(engine, call.reply)
    const there = await signOutUpstream(engine, { session, credentials, now: requester.now })
    const next = await departFrom(engine, { session, next: there?.url ?? '/signin' })
    if (next === there?.url) return showSignOutThere(engine, call, there)
    return next === '/signin' ? next : showSignedOut(engine, call, next)
  })

  form('/account/devices/sign-out-others', {}, async ({ account, session, acting }) => {
    await endSessions(acting, {
      accountId: account.id,
      except: session.id,
      ending: 'signed_out_elsewhere',
      actor: account.id,
    })
    return saying('/account', 'othersSignedOut')
  })

  deviceForms(context)
  applicationForms(context)
}

/** The name of the organisation that invited the user on this browser. */
async function invitedBy(engine: Engine, request: FastifyRequest): Promise<string | null> {
  const token = keptInvitation(engine, request)
  const found = token && (await readInvitation(engine, token))
  return found ? found.organisation.name : null
}

/** Of those that are active. */
async function organisationNames(engine: Engine, { id }: SignedIn['account']): Promise<string[]> {
  const memberships = await engine.store.memberships.listOfAccount(id, organisationsShown)
  return memberships.map(({ organisation }) => organisation.name)
}

/** By connection. */
const linkableFor = async (engine: Engine, locale: Locale): Promise<ReadonlyMap<unknown, UpstreamButton>> =>
  new Map(
    (await engine.offeredConnections.list('link'))
      .filter(({ kind }) => engine.methods.find(kind)?.enrol)
      .map((one) => [
        one.id,
        buttonFor(engine, one, { locale, pathOf: (slug) => `/account/connections/${slug}` }),
      ]),
  )

function presentRow(
  engine: Engine,
  credential: Credential,
  linkable: ReadonlyMap<unknown, UpstreamButton>,
): OverviewPage['credentials'] {
  const method = engine.methods.find(credential.kind)
  const details = method?.describe?.(credential.data, credential.lookup) ?? {}
  const upstream = linkable.get(details.connection)?.name ?? null
  return method ? [{ credential, method, details, upstream }] : []
}

function deviceForms(context: HttpContext): void {
  const { engine } = context
  const { form } = createSignedInPages(context)
  const device = Type.Object({ id: idOf('ses') })
  form(
    '/account/devices/:id/sign-out',
    { params: device },
    async ({ account, acting }, { params: { id } }) => {
      const session = await engine.store.sessions.find(id)
      if (session?.accountId !== account.id) throw new Problem('not_found')
      await endSession(acting, { session, ending: 'signed_out_elsewhere', actor: account.id })
      return saying('/account', 'signedOut')
    },
  )
}

function applicationForms(context: HttpContext): void {
  const { form } = createSignedInPages(context)
  const client = Type.Object({ id: idOf('cli') })
  form(
    '/account/applications/:id/withdraw',
    { params: client },
    async ({ account, acting }, { params: { id } }) => {
      await withdrawApplication(acting, { accountId: account.id, clientId: id })
      return saying('/account', 'withdrawn')
    },
  )
}
