import { hashSecret } from '../../crypto/equal.ts'
import { type AccountWithIdentifiers, verifiedIdentifier } from '../../domain/account.ts'
import { daysToMilliseconds } from '../../domain/clock.ts'
import { newTicketId, type OrganisationId, type TicketId } from '../../domain/id.ts'
import { normaliseIdentifier } from '../../domain/identifier.ts'
import type { Locale } from '../../domain/locale.ts'
import type { Organisation } from '../../domain/organisation.ts'
import { Problem } from '../../domain/problem.ts'
import type { Ticket } from '../../domain/ticket.ts'
import type { Some } from '../../store/store.ts'
import { allWords } from '../../words/languages.ts'
import { say } from '../../words/say.ts'
import { readingRules } from '../accounts/reading-rules.ts'
import { sendMessage } from '../messages/send-message.ts'
import { ticketBinding } from '../tickets/challenge.ts'
import { draftTicket } from '../tickets/draft-ticket.ts'
import { membershipLink } from '../tickets/ticket-link.ts'
import { addMemberIn, changeMemberIn, lockMembership, type Member, rolesIn } from './members.ts'
import type { OrganisationNeeds, OrganisationTransaction } from './needs.ts'

const purpose = 'membership'
const invitationDays = 7
const openMax = 500
const secretBytes = 32

/** An open invitation. Times are milliseconds since the epoch. */
export interface Invitation extends Invited {
  id: TicketId
  createdAt: number
  expiresAt: number
}

interface Invited {
  /** As it was typed; the normal form is compared. */
  email: string
  value: string
  roles: readonly string[]
  /** The account of the admin, or `cli`. */
  invitedBy: string
  locale: Locale
}

interface About {
  organisation: Organisation
  actor: string
}

/**
 * Invites the owner of an address by mail, in place of an earlier invitation. The link works once, for a
 * week, for an account that has confirmed the address. Throws `invalid_fields`, `too_many_attempts` if too
 * much was sent there, `conflict` if too many invitations are open.
 */
export async function inviteMember(
  engine: OrganisationNeeds,
  given: About & { email: string; roles: readonly string[]; locale: Locale },
): Promise<Invitation> {
  const { organisation, email, actor, locale } = given
  const normal = normaliseIdentifier('email', email, readingRules(engine, locale))
  if (!normal.ok) throw new Problem('invalid_fields', { detail: `${email} is no e-mail address` })
  const { value, display } = normal.identifier
  const roles = rolesIn(given.roles)
  const open = await listInvitations(engine, organisation.id)
  const former = open.filter((one) => one.value === value)
  if (open.length - former.length >= openMax)
    throw new Problem('conflict', { detail: `At most ${openMax} invitations are open at once` })
  return send(engine, {
    ...{ organisation, actor, replaced: former },
    invited: { email: display, value, roles, invitedBy: actor, locale },
  })
}

/** A new link; the former one no longer works. Throws `not_found`, `too_many_attempts`. */
export async function resendInvitation(
  engine: OrganisationNeeds,
  { organisation, id, actor }: About & { id: TicketId },
): Promise<Invitation> {
  const former = await findInvitation(engine, organisation.id, id)
  const { email, value, roles, invitedBy, locale } = former
  return send(engine, {
    ...{ organisation, actor, replaced: [former] },
    invited: { email, value, roles, invitedBy, locale },
  })
}

/** Throws `not_found`. */
export async function withdrawInvitation(
  engine: OrganisationNeeds,
  { organisation, id, actor }: About & { id: TicketId },
): Promise<void> {
  await findInvitation(engine, organisation.id, id)
  await engine.store.transaction(async (tx) => {
    if (!(await tx.tickets.spendById({ id, now: engine.clock.now() }))) throw new Problem('not_found')
    const about = { actor, subject: organisation.id, details: { invitation: id } }
    await engine.audit.record(tx, { kind: 'member.invitation_withdrawn', ...about })
  })
}

/** Oldest first. */
export async function listInvitations(
  engine: OrganisationNeeds,
  organisationId: OrganisationId,
): Promise<Invitation[]> {
  const now = engine.clock.now()
  const tickets = await engine.store.tickets.listOpen({ purpose, subject: organisationId, now })
  return tickets.map((ticket) => opened(engine, ticket))
}

/** Does not use it up. Undefined if it is over, or its organisation is not active. */
export async function readInvitation(
  engine: OrganisationNeeds,
  token: string,
  store: Some<'tickets' | 'organisations'> = engine.store,
): Promise<{ organisation: Organisation; invitation: Invitation } | undefined> {
  const now = engine.clock.now()
  const ticket = await store.tickets.findGood({ secretHash: hashSecret(token), purpose, now })
  const organisation = ticket && (await store.organisations.find(ticket.subject as OrganisationId))
  return organisation?.state === 'active'
    ? { organisation, invitation: opened(engine, ticket as Ticket) }
    : undefined
}

/** Whether the account has confirmed the address that was invited. */
export const isInvited = (
  account: Pick<AccountWithIdentifiers, 'identifiers'>,
  { value }: Pick<Invitation, 'value'>,
): boolean => verifiedIdentifier(account, 'email')?.value === value

/**
 * Makes the account a member; one that is already gets the further roles. Throws `challenge_not_open` if the
 * invitation is used, late or withdrawn, `invitation_of_another`.
 */
export async function acceptInvitation(
  engine: OrganisationNeeds,
  { token, account: { id: accountId } }: { token: string; account: Pick<AccountWithIdentifiers, 'id'> },
): Promise<{ organisation: Organisation; member: Member }> {
  const now = engine.clock.now()
  const accepted = await engine.store.transaction(async (tx) => {
    const ticket = await tx.tickets.spend({ secretHash: hashSecret(token), purpose, now })
    const organisation = ticket && (await tx.organisations.find(ticket.subject as OrganisationId))
    if (!ticket || organisation?.state !== 'active') throw new Problem('challenge_not_open')
    const invitation = opened(engine, ticket)
    const account = await tx.accounts.find(accountId)
    if (!account || !isInvited(account, invitation)) throw new Problem('invitation_of_another')
    return { organisation, member: await join(engine, tx, { organisation, account, invitation }) }
  })
  await engine.revocations.poll()
  return accepted
}

async function join(
  engine: OrganisationNeeds,
  tx: OrganisationTransaction,
  given: { organisation: Organisation; account: AccountWithIdentifiers; invitation: Invitation },
): Promise<Member> {
  const { organisation, account, invitation } = given
  const [key, actor] = [{ organisationId: organisation.id, accountId: account.id }, account.id]
  if (!(await tx.memberships.find(key))) {
    const { roles } = invitation
    return addMemberIn(engine, tx, {
      organisation,
      accountId: account.id,
      roles,
      source: 'invitation',
      actor,
    })
  }
  const held = await lockMembership(tx, key)
  const roles = [...held.roles, ...invitation.roles]
  return { membership: await changeMemberIn(engine, tx, { former: held, roles, actor }), account }
}

async function send(
  engine: OrganisationNeeds,
  given: About & { replaced: readonly Invitation[]; invited: Invited },
): Promise<Invitation> {
  const { organisation, actor, replaced, invited } = given
  const now = engine.clock.now()
  const id = newTicketId(engine)
  const secret = engine.random.bytes(secretBytes).toString('base64url')
  const ticket = draftTicket(engine, {
    ...{ id, purpose, subject: organisation.id, secretHash: hashSecret(secret), now },
    state: engine.sealer.seal(JSON.stringify(invited), ticketBinding(id)),
    lifetimeSeconds: daysToMilliseconds(invitationDays) / 1000,
  })
  const { value, locale, roles } = invited
  const words = allWords[locale].organisationMails
  const names = { organisation: organisation.name, site: engine.settings.siteName }
  await engine.store.transaction(async (tx) => {
    if (!(await engine.rateLimits.mayReach({ channel: 'email', to: value }, { place: null, tx })))
      throw new Problem('too_many_attempts')
    for (const former of replaced) await tx.tickets.spendById({ id: former.id, now })
    await tx.tickets.insert(ticket)
    await sendMessage(engine, tx, {
      ...{ channel: 'email', to: value, locale },
      subject: say(locale, words.invited, names),
      paragraphs: [
        say(locale, words.invitedText, { ...names, days: invitationDays }),
        say(locale, words.invitedAdvice, names),
      ],
      link: { url: membershipLink(engine, secret), label: words.join },
      notAfter: ticket.expiresAt,
    })
    const details = { invitation: id, roles: roles.join(' ') }
    await engine.audit.record(tx, { kind: 'member.invited', actor, subject: organisation.id, details })
  })
  return { ...invited, id, createdAt: now, expiresAt: ticket.expiresAt }
}

async function findInvitation(
  engine: OrganisationNeeds,
  organisationId: OrganisationId,
  id: TicketId,
): Promise<Invitation> {
  const ticket = await engine.store.tickets.findById({ id, purpose, now: engine.clock.now() })
  // An invitation of another organisation is reported as not found.
  if (ticket?.subject !== organisationId) throw new Problem('not_found')
  return opened(engine, ticket)
}

const opened = ({ sealer }: OrganisationNeeds, { id, state, createdAt, expiresAt }: Ticket): Invitation => ({
  ...(JSON.parse(sealer.open(state as string, ticketBinding(id))) as Invited),
  ...{ id, createdAt, expiresAt },
})
