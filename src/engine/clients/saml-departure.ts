import { equalSecrets, hashSecret } from '../../crypto/equal.ts'
import type { SamlApplicationId } from '../../domain/id.ts'
import type { Session } from '../../domain/session.ts'
import { browserHash } from '../request-context.ts'
import { ticketBinding } from '../tickets/challenge.ts'
import { draftTicket } from '../tickets/draft-ticket.ts'
import { type SamlNeeds, samlCallOf } from './saml-applications.ts'
import { sessionIndexOf } from './saml-sign-in.ts'

const purpose = 'departure'
const lifetimeSeconds = 600
const tokenBytes = 32

/** What is left to do before a browser has signed out everywhere. Kept with the ticket. */
interface Departure {
  sessionId: Session['id']
  remaining: readonly { applicationId: SamlApplicationId; nameId: string }[]
  /** Where the browser continues at the end. */
  next: string
  /** The hash of the browser that made the first step, before any application saw the token. */
  browser: string | null
}

/**
 * Where a browser goes whose session has ended: through the applications by SAML that it signed in to, one
 * after another, then to `next` (SAML Profiles §4.4). `except`: the application that has signed out already.
 */
export async function departFrom(
  engine: SamlNeeds,
  given: { session: Pick<Session, 'id'>; next: string; except?: SamlApplicationId },
): Promise<string> {
  const { session, next, except } = given
  const participants = await engine.store.samlParticipants.list(session.id)
  const remaining = participants
    .filter(({ applicationId }) => applicationId !== except)
    .map(({ applicationId, nameId }) => ({ applicationId, nameId }))
  if (remaining.length === 0) return next
  const token = engine.random.bytes(tokenBytes).toString('base64url')
  const now = engine.clock.now()
  const draft = draftTicket(engine, {
    ...{ purpose, subject: session.id, secretHash: hashSecret(token), lifetimeSeconds, now },
  })
  const state = sealed(engine, draft.id, { sessionId: session.id, remaining, next, browser: null })
  await engine.store.transaction((tx) => tx.tickets.insert({ ...draft, state }))
  return departurePath(token)
}

export const departurePath = (token: string): string => `/saml/leave/${token}`

/**
 * The next address of a departure. Undefined if it is over, or of another browser: applications see the
 * token, and may learn nothing from it of each other.
 */
export async function nextDeparture(
  engine: SamlNeeds,
  { token, browser: value }: { token: string; browser: string | null },
): Promise<string | undefined> {
  const now = engine.clock.now()
  const ticket = await engine.store.tickets.findGood({ secretHash: hashSecret(token), purpose, now })
  if (!ticket?.state) return undefined
  const { id, state: formerState } = ticket
  const departure = JSON.parse(engine.sealer.open(formerState, ticketBinding(id))) as Departure
  const { sessionId, next } = departure
  const browser = value && browserHash('departure', value)
  const bound = departure.browser
  if (bound !== null && (browser === null || !equalSecrets(bound, browser))) return undefined
  // One that cannot be told apart is led past the applications.
  const waiting = browser === null ? [] : departure.remaining
  // An application without an address for it is passed over.
  for (const [index, { applicationId, nameId }] of waiting.entries()) {
    const application = await engine.store.samlApplications.find(applicationId)
    const url =
      application &&
      (await engine.federation.identityProvider.requestLogout(samlCallOf(engine, application), {
        ...{ nameId, sessionIndex: sessionIndexOf(application, { id: sessionId }), relayState: token },
      }))
    if (!url) continue
    const remaining = waiting.slice(index + 1)
    const state = sealed(engine, id, { sessionId, remaining, next, browser })
    return (await engine.store.tickets.changeState({ id, state, formerState, now })) ? url : undefined
  }
  return (await engine.store.tickets.spendById({ id, now })) ? next : undefined
}

const sealed = ({ sealer }: Pick<SamlNeeds, 'sealer'>, id: `tkt_${string}`, departure: Departure): string =>
  sealer.seal(JSON.stringify(departure), ticketBinding(id))
