import type { AccountIdentifier, AccountWithIdentifiers } from '../../domain/account.ts'
import { type AccountId, newTicketId } from '../../domain/id.ts'
import {
  type IdentifierKind,
  isShadow,
  type NormalIdentifier,
  normaliseIdentifier,
} from '../../domain/identifier.ts'
import type { Message } from '../../domain/message.ts'
import { codeDigits, codeSecondsMax, codeTries, plainCode } from '../../domain/one-time-code.ts'
import { Problem } from '../../domain/problem.ts'
import type { Session } from '../../domain/session.ts'
import { identifierFaultWords } from '../../words/identifiers.ts'
import { verificationMessage } from '../../words/verification.ts'
import { hasOpenWayIn } from '../credentials/remaining-sign-in-methods.ts'
import { sendDecoy, sendMessage } from '../messages/send-message.ts'
import type { Requester } from '../request-context.ts'
import { beginOnce, type ChallengeKey, openChallenge, spendChallenge, takeTry } from '../tickets/challenge.ts'
import type { AccountNeeds, AccountTransaction } from './needs.ts'
import { identifierTaken } from './new-account.ts'
import { readingRules } from './reading-rules.ts'
import { issueUndo, mayUndo } from './undo-ticket.ts'

/** Kinds that can receive a code; only those can be verified. */
export const reachableKinds = ['email', 'phone'] as const
export type ReachableKind = (typeof reachableKinds)[number]

interface Owner {
  account: AccountWithIdentifiers
  requester: Requester
}
/** The session's start is the earliest time at which an attacker may have been signed in. */
interface SignedInOwner extends Owner {
  session: Session
}
interface ChangeState {
  identifier: NormalIdentifier
  codeHash: string
}

export const changeKey = (accountId: AccountId, kind: IdentifierKind): ChallengeKey => ({
  purpose: 'identifier-change',
  subject: `${accountId}/${kind}`,
})

/**
 * Sends a code to the new address or number, or to an unverified one of the account. Where another account
 * has it, the reply is the same, and its owner gets no message. Throws `invalid_fields`, `too_many_attempts`.
 */
export async function beginIdentifierChange(
  engine: AccountNeeds,
  { account, requester, kind, value }: Owner & { kind: ReachableKind; value: string },
): Promise<{ expiresInSeconds: number }> {
  const normal = normaliseIdentifier(kind, value, readingRules(engine, requester.locale))
  if (!normal.ok) {
    const message = identifierFaultWords(kind, normal.fault, requester.locale)
    throw new Problem('invalid_fields', { errors: [{ field: '/value', code: normal.fault, message }] })
  }
  await engine.rateLimits.admitSending({ to: normal.identifier.value, source: requester.source })
  const holder = await engine.store.accounts.findByIdentifier(kind, normal.identifier.value)
  const isFree = holder === undefined || holder.id === account.id
  const code = { ...(await draftCode(engine, { account, identifier: normal.identifier, isFree })), requester }
  await beginOnce(
    engine,
    { key: changeKey(account.id, kind), begun: begunOf(engine, code.state), now: requester.now },
    () => engine.store.transaction((tx) => sendCode(engine, tx, code)),
  )
  return { expiresInSeconds: secondsOf(engine) }
}

interface CodeToSend {
  account: AccountWithIdentifiers
  state: ChangeState
  message: Message
  /** False if it must not be sent: the reply is the same, and no code is accepted. */
  deliverable: boolean
}

/** Before the transaction, since rate limits are counted outside of it. */
async function draftCode(
  engine: AccountNeeds,
  {
    account,
    identifier,
    isFree,
  }: { account: AccountWithIdentifiers; identifier: NormalIdentifier; isFree: boolean },
): Promise<CodeToSend> {
  const code = engine.random.digits(codeDigits)
  const kind = identifier.kind as ReachableKind
  const message = verificationMessage({
    kind,
    to: identifier.value,
    code,
    locale: account.locale,
    minutes: Math.ceil(secondsOf(engine) / 60),
  })
  const state = { identifier, codeHash: engine.methods.secrets.hash(code) }
  // An address of the account is its owner's; a new one may be a stranger's, and has the limits of strangers.
  const place = isOwn(account, identifier) ? account.id : null
  return {
    account,
    state,
    message,
    deliverable: (await engine.rateLimits.mayReach(message, { place })) && isFree,
  }
}

async function sendCode(
  engine: AccountNeeds,
  tx: AccountTransaction,
  given: CodeToSend & { requester: Requester },
): Promise<void> {
  const { account, state, message, deliverable, requester } = given
  const { kind } = state.identifier
  await openChallenge(engine, tx, {
    id: newTicketId(engine),
    key: changeKey(account.id, kind),
    accountId: account.id,
    begun: begunOf(engine, state),
    isAnswerable: deliverable,
    now: requester.now,
  })
  await (deliverable ? sendMessage : sendDecoy)(engine, tx, message)
  const details = { kind, source: requester.source }
  await engine.audit.record(tx, {
    kind: 'identifier.change_begun',
    actor: account.id,
    subject: account.id,
    details,
  })
}

const isOwn = (
  { identifiers }: AccountWithIdentifiers,
  { kind, value }: Pick<NormalIdentifier, 'kind' | 'value'>,
): boolean => identifiers.some((own) => own.kind === kind && own.value === value)

const begunOf = (engine: AccountNeeds, state: ChangeState) => ({
  challenge: { to: state.identifier.display },
  state,
  expiresInSeconds: secondsOf(engine),
  tries: codeTries,
})

const secondsOf = ({ settings }: AccountNeeds): number =>
  Math.min(codeSecondsMax, settings.policy.limits.codeSecondsMax)

/**
 * After signing up: what sends the code for the new account's address, if it gave one, within the transaction
 * that makes it.
 */
export async function verifyNewAccount(
  engine: AccountNeeds,
  { account, requester }: Owner,
): Promise<(tx: AccountTransaction) => Promise<void>> {
  const email = account.identifiers.find(({ kind }) => kind === 'email')
  if (!email) return async () => undefined
  const identifier = { kind: email.kind, value: email.value, display: email.display, skeleton: null }
  const code = await draftCode(engine, { account, identifier, isFree: !isShadow(email) })
  return (tx) => sendCode(engine, tx, { ...code, requester })
}

/**
 * A correct code makes the address the account's, verified. The former address is notified, and can undo the
 * change for three days. Throws `challenge_not_open`, `answer_refused`, `too_many_attempts`,
 * `identifier_taken`.
 */
export async function finishIdentifierChange(
  engine: AccountNeeds,
  { account, requester, session, kind, code }: SignedInOwner & { kind: ReachableKind; code: string },
): Promise<void> {
  const { ticket, state, isAnswerable } = await takeTry(engine, changeKey(account.id, kind), requester.now)
  const { identifier, codeHash } = state as ChangeState
  const confirmation = { accountId: account.id, value: identifier.value, isOwn: isOwn(account, identifier) }
  await engine.rateLimits.admitConfirmation(confirmation)
  if (!engine.methods.secrets.matches(plainCode(code), codeHash) || !isAnswerable) {
    await engine.rateLimits.countWrongConfirmation(confirmation)
    throw new Problem('answer_refused')
  }
  const write = async (tx: AccountTransaction): Promise<void> => {
    await tx.accounts.lockForUpdate(account.id)
    await spendChallenge(tx, ticket, requester.now)
    await putIdentifier(engine, tx, { account, requester, session, identifier })
  }
  await engine.store.transaction(write).catch(identifierTaken)
}

async function putIdentifier(
  engine: AccountNeeds,
  tx: AccountTransaction,
  given: SignedInOwner & { identifier: NormalIdentifier },
): Promise<void> {
  const { account, requester, identifier, session } = given
  const { kind, value } = identifier
  const { now } = requester
  const former = (await tx.identifiers.list(account.id)).find((one) => one.kind === kind)
  const about = { actor: account.id, subject: account.id, details: { kind, source: requester.source } }
  if (former?.value === value) {
    await tx.identifiers.verify({ accountId: account.id, kind, value, now })
    await engine.audit.record(tx, { ...about, kind: 'identifier.verified' })
    return
  }
  if (former) await tx.identifiers.remove({ accountId: account.id, kind })
  await tx.identifiers.put({ accountId: account.id, identifier, verifiedAt: now, createdAt: now })
  await engine.audit.record(tx, { ...about, kind: 'identifier.changed' })
  if (former) await tellFormer(engine, tx, { account, requester, session, former })
  await engine.notify(tx, { account, notice: 'identifier_added', requester, to: { kind, value } })
}

/** An unverified address may be a stranger's: it gets no notice and no undo link. */
async function tellFormer(
  engine: AccountNeeds,
  tx: AccountTransaction,
  { account, requester, session, former }: SignedInOwner & { former: AccountIdentifier },
): Promise<void> {
  if (former.verifiedAt === null || former.kind === 'username') return
  const { now } = requester
  const link = mayUndo(account, former, now)
    ? { link: await issueUndo(engine, tx, { account, former, session, now }) }
    : {}
  await engine.notify(tx, { account, notice: 'identifier_changed', requester, to: former, ...link })
}

/** Throws `not_found`, `last_way_in` if the account could no longer be found or signed in to. */
export async function removeIdentifier(
  engine: AccountNeeds,
  { account, requester, session, kind }: SignedInOwner & { kind: IdentifierKind },
): Promise<void> {
  await engine.store.transaction(async (tx) => {
    await tx.accounts.lockForUpdate(account.id)
    const identifiers = await tx.identifiers.list(account.id)
    const removed = identifiers.find((identifier) => identifier.kind === kind)
    if (!removed) throw new Problem('not_found')
    const left = identifiers.filter((identifier) => identifier !== removed)
    const credentials = await tx.credentials.listByAccount(account.id)
    const without = { account: { ...account, identifiers: left }, left: credentials }
    if (left.length === 0 || !(await hasOpenWayIn(engine, tx, without))) throw new Problem('last_way_in')
    await tx.identifiers.remove({ accountId: account.id, kind })
    await engine.audit.record(tx, {
      kind: 'identifier.removed',
      actor: account.id,
      subject: account.id,
      details: { kind, source: requester.source },
    })
    await tellFormer(engine, tx, { account, requester, session, former: removed })
  })
}

/**
 * One that was added while the account was in doubt is its owner's own after all. Throws `not_found` if
 * none such is suspended.
 */
export async function confirmIdentifier(
  engine: AccountNeeds,
  { account, requester, kind }: Owner & { kind: IdentifierKind },
): Promise<void> {
  await engine.store.transaction(async (tx) => {
    const suspended = (await tx.identifiers.list(account.id)).find(
      (one) => one.kind === kind && one.suspendedAt !== null,
    )
    if (!suspended || !(await tx.identifiers.verify({ ...suspended, now: requester.now })))
      throw new Problem('not_found')
    const details = { kind, source: requester.source }
    await engine.audit.record(tx, {
      kind: 'identifier.verified',
      actor: account.id,
      subject: account.id,
      details,
    })
    await engine.notify(tx, { account, notice: 'identifier_added', requester, to: suspended })
  })
}
