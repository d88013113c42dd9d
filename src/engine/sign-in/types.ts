import type { AccountIdentifier, AccountWithIdentifiers } from '../../domain/account.ts'
import type { Attempt } from '../../domain/attempt.ts'
import type { Credential } from '../../domain/credential.ts'
import type { External, MethodDefinition, Proof, ProvedBy } from '../../domain/method.ts'
import type { Decision } from '../../domain/policy.ts'
import type { Session } from '../../domain/session.ts'
import type { Ticket } from '../../domain/ticket.ts'
import type { Admission } from '../limits/sign-in-throttle.ts'
import type { Requester } from '../request-context.ts'

type Proved<By> = Extract<Proof<unknown>, { outcome: 'proved' }> & { by: By }

/** A user whom only the upstream provider knows. */
export interface Newcomer extends Answer {
  proof: Proved<{ external: External<unknown> }>
  ticket: Ticket | null
  admission: Admission
}

export interface Answer {
  attempt: Attempt
  /** Not stored yet: the attempt begins with this answer. */
  isNew: boolean
  method: MethodDefinition
  answer: Record<string, unknown>
  requester: Requester
  /** The typed name, if it is not a valid identifier. */
  name?: string
  /** The user wants this browser to stand in for the second step from now on. */
  rememberDevice?: boolean
  /** What becomes of an identity that no account has; refused by default. */
  welcome?: (newcomer: Newcomer) => Promise<Outcome>
}

/** A proved answer, before it is stored. */
export interface ProofContext extends Answer {
  /** The credential is new: its connection owns the domain of this address of the account. */
  joins?: AccountIdentifier
  account: AccountWithIdentifiers
  credentials: Credential[]
  proof: Proved<ProvedBy>
  ticket: Ticket | null
  admission: Admission
  /** The account was signed in here before. */
  isKnownPlace: boolean
  isDeviceKnown: boolean
  /** The status place of the session, if one begins. */
  status: string
}

/** `notes`: the method's messages to the owner. */
export type Concluded = { attempt: Attempt; notes: Record<string, unknown> } & (
  | { status: 'done'; session: Session }
  | { status: 'more' }
  | { status: 'refused'; reason: Extract<Decision, { outcome: 'refused' }>['reason'] }
)

/** What may be proved next. A method with connections has one offer for each, with its name for buttons. */
export type Offers = { method: string; connection?: string; label?: string }[]

/** The same, with what may be proved next. */
export type Outcome =
  | Exclude<Concluded, { status: 'more' }>
  | (Extract<Concluded, { status: 'more' }> & { offers: Offers })
