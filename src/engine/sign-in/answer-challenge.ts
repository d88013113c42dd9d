import type { Credential } from '../../domain/credential.ts'
import { decoyAccountId } from '../../domain/id.ts'
import type { MethodDefinition, Proof, ProvedBy } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import type { Ticket } from '../../domain/ticket.ts'
import { attemptSubject, findById, type Subject } from '../accounts/find-account.ts'
import { openCredentials } from '../credentials/open-credentials.ts'
import { isOpenWithoutMethod } from '../credentials/remaining-sign-in-methods.ts'
import { typedName } from '../limits/folded-name.ts'
import { type Place, placeOf, unknownPlace } from '../limits/known-place.ts'
import { failuresMax } from '../limits/limits.ts'
import type { Guess } from '../limits/rate-limits.ts'
import { type Admission, freeAdmission } from '../limits/sign-in-throttle.ts'
import { uniformResponseTime } from '../limits/uniform-response-time.ts'
import type { Requester } from '../request-context.ts'
import { takeTry } from '../tickets/challenge.ts'
import { challengeKey } from './begin-challenge.ts'
import { completeProof } from './complete-proof.ts'
import type { SignInNeeds, SignInTransaction } from './needs.ts'
import { withOffers } from './offers.ts'
import type { Answer, Newcomer, Outcome, ProofContext } from './types.ts'

/**
 * One answer to one method: counted before it is checked, proved or refused by the method; the result is
 * written in one transaction. Throws `answer_refused` alike, and in the same time, for a wrong answer and for
 * an account that is not there, `challenge_not_open`, `too_many_attempts`, `attempt_over`, `busy`.
 */
export function answerChallenge(
  engine: SignInNeeds,
  given: Answer,
): Promise<Outcome & { admission: Admission }> {
  const hasImports = given.method.imports?.takes === 'password-hash'
  if (given.attempt.accountId !== null && !hasImports) return answer(engine, given)
  const floor = hasImports ? () => engine.slowestHash.floorMilliseconds() : undefined
  return uniformResponseTime(() => answer(engine, given), { when: 'refused', ...(floor && { floor }) })
}

async function answer(engine: SignInNeeds, given: Answer): Promise<Outcome & { admission: Admission }> {
  const { attempt, method } = given
  const asked = { ...given, ...(await subjectAndPlace(engine, given)) }
  const { subject } = asked
  const admission = await admit(engine, asked)
  const unlessAbandoned = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work
    } catch (error) {
      await admission.abandoned()
      throw error
    }
  }
  const isKnownPlace = asked.place.isKnown && admission.failures < failuresMax
  const { proof, ticket } = await unlessAbandoned(tryAnswer(engine, asked, isKnownPlace))
  if (isOfStranger(proof) && given.welcome && attempt.accountId === null) {
    const welcomed = given.welcome({ ...given, proof, ticket, admission })
    return { ...(await unlessAbandoned(welcomed)), admission }
  }
  const owner = isOfAccount(proof) ? await proofOwner(engine, asked, proof.by) : undefined
  if (!isOfAccount(proof) || !owner?.account) {
    await recordRefusal(engine, { given: asked, admission, proof })
    throw new Problem('answer_refused', {
      extensions: {
        ...(admission.quota && { quota: admission.quota }),
        ...(proof.outcome === 'refused' && proof.notes && { notes: proof.notes }),
      },
    })
  }
  const concluding = {
    ...given,
    account: owner.account,
    credentials: owner.credentials,
    proof,
    ticket,
    admission,
    isKnownPlace,
    // A discoverable credential names the account only now.
    isDeviceKnown:
      subject.account?.id === owner.account.id
        ? asked.place.isDeviceKnown
        : (await placeOf(engine, owner.account.id, given.requester)).isDeviceKnown,
    status: await engine.statuses.next('session'),
  }
  const outcome = await unlessAbandoned(completeProof(engine, concluding))
  engine.observe.signIn(
    method.id,
    outcome.status === 'done'
      ? 'succeeded'
      : outcome.status === 'more'
        ? 'more_evidence_required'
        : 'refused',
  )
  return { ...(await withOffers(engine, outcome, given.requester.locale)), admission }
}

const isOfStranger = (proof: Proof<unknown>): proof is Newcomer['proof'] =>
  proof.outcome === 'proved' && 'external' in proof.by
const isOfAccount = (proof: Proof<unknown>): proof is ProofContext['proof'] =>
  proof.outcome === 'proved' && !('external' in proof.by)

/** An identity elsewhere says who it is: the name that was typed takes no part. */
async function subjectAndPlace(
  engine: SignInNeeds,
  { attempt, method, requester }: Answer,
): Promise<{ subject: Subject; place: Place }> {
  if (method.upstream && attempt.accountId === null)
    return { subject: { account: undefined, credentials: [] }, place: unknownPlace }
  const subject = await attemptSubject(engine, attempt)
  return { subject, place: await placeOf(engine, subject.account?.id, requester) }
}

/** An answer, its account, and whether the account knows the caller's place. */
type Asked = Answer & { subject: Subject; place: Place }

const guessOf = ({ subject: { account }, attempt, method, place }: Asked): Guess => ({
  target: `${account?.id ?? attempt.hint?.value ?? ''}/${method.id}`,
  place: place.key,
})

async function tryAnswer(
  engine: SignInNeeds,
  given: Asked,
  isKnownPlace: boolean,
): Promise<{ proof: Proof<unknown>; ticket: Ticket | null }> {
  const { attempt, method, requester, subject } = given
  // Also for unknown names, against timing (CWE-208).
  const mayGuess = !isShort(method) || (await engine.rateLimits.mayGuess(guessOf(given)))
  const { now } = requester
  const challenge = method.begin ? await takeTry(engine, challengeKey(attempt, method), now) : null
  const knowsAccount = attempt.accountId !== null
  const ctx = engine.methods.context({
    method,
    ...subject,
    requester,
    now,
    knowsAccount,
    isKnownPlace,
    hint: attempt.hint,
  })
  const proof = await method.prove(ctx, challenge?.state ?? {}, given.answer)
  const ticket = challenge?.ticket ?? null
  if (!mayGuess) return { proof: { outcome: 'refused', reason: 'too_many_failures' }, ticket }
  return challenge?.isAnswerable === false
    ? { proof: { outcome: 'refused', reason: 'never_sent' }, ticket }
    : { proof, ticket }
}

/** The account that the proof belongs to. An attempt for one account takes no proof of another. */
async function proofOwner(
  engine: SignInNeeds,
  { attempt, subject, method }: Asked,
  by: ProvedBy,
): Promise<Subject | undefined> {
  const accountId = 'credential' in by ? by.credential.accountId : by.identifier.accountId
  if (subject.account?.id === accountId) return subject
  const isNamed = attempt.accountId !== null || (attempt.hint !== null && !method.upstream)
  return isNamed ? undefined : findById(engine, accountId)
}

/**
 * Counted by account once known, before that by name; short codes are counted apart from passwords. What is
 * typed of an upstream provider is counted by the name that is typed with it, in any attempt.
 */
function admissionName({ attempt, method, name, answer }: Answer): string {
  if (method.upstream === 'form') return typedName(method, answer)
  const who = attempt.accountId ?? attempt.hint?.value ?? name ?? ''
  return isShort(method) ? `${who}/${method.id}` : who
}

async function admit(engine: SignInNeeds, given: Asked): Promise<Admission> {
  const { requester, method, place } = given
  if (isUnguessable(method)) return freeAdmission
  try {
    return await engine.throttle.admitSignIn({
      name: admissionName(given),
      source: requester.source,
      browser: place.browser,
    })
  } catch (error) {
    if (error instanceof Problem && error.code === 'too_many_attempts') await recordThrottled(engine, given)
    throw error
  }
}

/** One line a minute for each name and source: throttled requests must not fill the log. */
async function recordThrottled(engine: SignInNeeds, given: Answer): Promise<void> {
  const { method, requester, attempt } = given
  engine.observe.signIn(method.id, 'throttled')
  if (!(await engine.rateLimits.mayNote(`${admissionName(given)} ${requester.source}`))) return
  const details = {
    method: method.id,
    source: requester.source,
    user_agent: requester.userAgent,
    reason: 'too_many_attempts',
  }
  await engine.store.transaction((tx) =>
    engine.audit.record(tx, {
      kind: 'sign_in.throttled',
      actor: 'anonymous',
      subject: attempt.accountId,
      outcome: 'failure',
      details,
    }),
  )
}

async function recordRefusal(
  engine: SignInNeeds,
  { given, admission, proof }: { given: Asked; admission: Admission; proof: Proof<unknown> },
): Promise<void> {
  const { method, requester, attempt, subject } = given
  const { account } = subject
  const { now } = requester
  const claimed = isOfStranger(proof) ? 'unknown_identity' : 'another_account'
  const reason = proof.outcome === 'refused' ? proof.reason : claimed
  const open = { account, credentials: await openCredentials(engine, subject.credentials) }
  const hasAnother = hasAnotherWayIn(engine, open, method)
  await engine.store.transaction(async (tx) => {
    await admission.failed(tx)
    const guess = guessOf(given)
    if (isShort(method)) await engine.rateLimits.countGuess(tx, guess)
    const disableAt = hasAnother ? failuresMax : Number.MAX_SAFE_INTEGER
    // A wrong answer disables nothing that cannot be guessed, or that another server guards.
    const counted =
      isUnguessable(method) || method.upstream
        ? []
        : await tx.credentials.countFailure({
            accountId: account?.id ?? decoyAccountId,
            kind: method.id,
            disableAt,
            now,
          })
    // If there is no credential to count on, another row is written, against timing.
    if (counted.length === 0)
      await engine.rateLimits.countGuess(tx, { ...guess, target: `decoy ${guess.target}` })
    const details = {
      method: method.id,
      source: requester.source,
      user_agent: requester.userAgent,
      reason,
      purpose: attempt.purpose,
    }
    const about = { actor: 'anonymous', subject: account?.id ?? null, outcome: 'failure' } as const
    await engine.audit.record(tx, { ...about, kind: 'sign_in.refused', details })
    const disabled = counted.filter(
      ({ failures, disabledAt }) => failures === disableAt && disabledAt === now,
    )
    for (const { id } of disabled)
      await engine.audit.record(tx, {
        ...about,
        kind: 'credential.disabled',
        details: { credential: id, method: method.id },
      })
    if (account && disabled.length > 0)
      await engine.notify(tx, { account, notice: 'credential_disabled', method: method.id, requester })
    if (proof.outcome === 'refused' && proof.suspectedClone)
      await reportSuspectedClone(engine, tx, { credential: proof.suspectedClone, method, requester })
  })
  engine.observe.signIn(method.id, 'refused')
}

/** Notifies the owner of a possibly cloned authenticator, also if the attempt has no account. */
async function reportSuspectedClone(
  engine: SignInNeeds,
  tx: SignInTransaction,
  {
    credential,
    method,
    requester,
  }: { credential: Credential; method: MethodDefinition; requester: Requester },
): Promise<void> {
  const account = await tx.accounts.find(credential.accountId)
  const details = { credential: credential.id, method: method.id, source: requester.source }
  await engine.audit.record(tx, {
    kind: 'credential.suspected_copy',
    actor: 'anonymous',
    subject: credential.accountId,
    outcome: 'failure',
    details,
  })
  if (account) await engine.notify(tx, { account, notice: 'suspected_copy', method: method.id, requester })
}

const isUnguessable = ({ discoverable, upstream }: MethodDefinition): boolean =>
  discoverable === true || upstream === 'redirect'

/** Short codes can be guessed in few tries. */
const isShort = ({ canClaim, sends }: MethodDefinition): boolean =>
  !canClaim.standsAlone || sends !== undefined

/**
 * Guessing disables a credential only if the owner can sign in by another and re-enable it: no one is locked
 * out for good.
 */
const hasAnotherWayIn = (
  engine: SignInNeeds,
  { account, credentials }: Subject,
  { id }: MethodDefinition,
): boolean => account !== undefined && isOpenWithoutMethod(engine, { account, credentials, method: id })
