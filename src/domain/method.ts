import type { TSchema } from 'typebox'
import type { Locale } from './account.ts'
import type { Credential, CredentialUpdate, NewCredential } from './credential.ts'
import type { Claims } from './evidence.ts'
import type { AccountId } from './id.ts'
import type { FieldFault } from './problem.ts'
import type { Random } from './random.ts'

/** Whether a password met a hash; `outdated` where the hash should be made anew while the password is at hand. */
export type HashVerdict = 'wrong' | 'matches' | 'outdated'

/** Slow hashing, off the main thread, in a bounded queue that is fair between sources. Throws `busy` when the queue is full. */
export interface PasswordHashing {
  /** True for a hash of ours or of another system that `verify` understands. */
  isKnown(hash: string): boolean
  hash(password: string): Promise<string>
  verify(password: string, hash: string): Promise<HashVerdict>
  /** Costs what `verify` costs and is never right; for names that nobody has. */
  verifyDecoy(password: string): Promise<void>
}

/** What a method may see: its own credentials of one account, and the tools it is lent. It cannot sign anybody in. */
export interface MethodContext<Settings, Data> {
  now: number
  random: Random
  settings: Settings
  locale: Locale
  /** Undefined where nobody has the name that was given; the method answers as it would to a wrong answer. */
  accountId: AccountId | undefined
  credentials: readonly Credential<Data>[]
  /** The account's own words: its name and identifiers, normalised. */
  ownWords: readonly string[]
  hashing: PasswordHashing
}

export interface Begun<State> {
  /** Public: goes to whoever began. */
  challenge: Record<string, unknown>
  /** Ours: never leaves. */
  state: State
  expiresInSeconds: number
}

export type Proof<Data> =
  | { outcome: 'proved'; credential: Credential<Data>; claims: Claims; update?: CredentialUpdate<Data> }
  | { outcome: 'refused'; reason: string }

export type Enrolment<Data> =
  | { outcome: 'enrolled'; credential: NewCredential<Data>; notes: Record<string, unknown> }
  | { outcome: 'refused'; errors: FieldFault[]; notes: Record<string, unknown> }

export interface FormField {
  name: string
  type: 'secret' | 'text'
  autocomplete: string
  label: string
}

export type Words = Record<Locale, Record<string, string>>

/** One way to prove who one is. DESIGN.md §6; a folder of its own under `src/methods/` and one line in its list. */
export interface MethodDefinition<Settings = unknown, Data = unknown, State = unknown, Answer = unknown> {
  id: string
  /** The most it may ever prove. */
  canClaim: Claims
  settings: TSchema
  data: TSchema
  state: TSchema
  answer: TSchema
  /** What the pages show, as data; labels are keys of `words`. */
  form: readonly FormField[]
  words: Words
  begin(ctx: MethodContext<Settings, Data>): Promise<Begun<State>>
  /** Writes nothing: it returns what should be written, and the engine does that once, atomically. */
  prove(ctx: MethodContext<Settings, Data>, state: State, answer: Answer): Promise<Proof<Data>>
  enrol?: {
    /** One credential of this kind an account, replaced on enrolling anew; or several side by side. */
    holds: 'one' | 'many'
    answer: TSchema
    begin(ctx: MethodContext<Settings, Data>): Promise<Begun<State>>
    finish(ctx: MethodContext<Settings, Data>, state: State, answer: Answer): Promise<Enrolment<Data>>
    /** The credential of somebody who comes from another system; undefined where it is of no known kind. Never throws. */
    adopt?(ctx: MethodContext<Settings, Data>, foreign: string): NewCredential<Data> | undefined
  }
}
