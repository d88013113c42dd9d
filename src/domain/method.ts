import type { TSchema } from 'typebox'
import type { AccountIdentifier } from './account.ts'
import type { Connection, OpenUpstream } from './connection.ts'
import type { Credential, CredentialUpdate, NewCredential } from './credential.ts'
import type { Claims } from './evidence.ts'
import type { AccountId, ConnectionId, CredentialId, TicketId } from './id.ts'
import type { IdentifierKind } from './identifier.ts'
import type { ImportableCredential, ImportWarning } from './imported-account.ts'
import type { ImportingContext, Sealing } from './importing.ts'
import type { Locale } from './locale.ts'
import type { Message } from './message.ts'
import type { DirectoryMembership } from './organisation.ts'
import type { Preview } from './preview.ts'
import type { FieldFault } from './problem.ts'
import type { Random } from './random.ts'

/** Whether a password matched; `outdated`: rehash it now, while the password is known. */
export type HashVerdict = 'wrong' | 'matches' | 'outdated'

/**
 * Slow hashing, off the main thread, in a bounded queue that is fair between sources. Throws `busy` when the
 * queue is full.
 */
export interface PasswordHashing {
  hash(password: string): Promise<string>
  /** `secret`: what the other system added to each password, if the hash does not hold it. */
  verify(password: string, hash: string, secret?: string): Promise<HashVerdict>
  /** Costs the same as `verify` and never matches; for names without an account. */
  verifyDecoy(password: string): Promise<void>
}

/** Compares high-entropy secrets, or short-lived ones in sealed state. */
export interface SecretHashing {
  hash(secret: string): string
  /** In constant time. */
  matches(secret: string, hash: string): boolean
}

/** An account as its methods see it. */
export interface MethodAccount {
  id: AccountId
  name: string | null
  identifiers: readonly AccountIdentifier[]
}

/** What a method may use: its own credentials of one account, and a few tools. It cannot sign anyone in. */
export interface MethodContext<Settings, Data> {
  now: number
  random: Random
  settings: Settings
  /** The caller's language. */
  locale: Locale
  /** Of the account, for what is sent to its owner. */
  ownerLocale: Locale
  /** Public base URL. The only place from which an address in a mail or a WebAuthn origin may come. */
  issuer: string
  /** The site's name, as users see it. */
  siteName: string
  limits: { codeSecondsMax: number; clockStepsMax: number }
  /** Undefined if no name was given or no account has it; the method then answers as for a wrong answer. */
  account: MethodAccount | undefined
  /** An earlier proof will not do, also if it was made elsewhere. */
  fresh: boolean
  /** The user lost something, and recovers the account. */
  isRecovery: boolean
  /** False for a stranger, who must learn nothing of the account from a challenge. */
  knowsAccount: boolean
  /** The identifier that an anonymous user typed, if it is a valid one. */
  hint: { kind: IdentifierKind; value: string } | null
  /** Names the challenge that is being begun, in a link. */
  challengeId: TicketId
  credentials: readonly Credential<Data>[]
  /**
   * Finds a credential of this method by its lookup, whichever account it belongs to (discoverable
   * credential).
   */
  findByLookup(lookup: string): Promise<Credential<Data> | undefined>
  /** The connections by whose protocol the method proves. */
  openUpstream: OpenUpstream
  /** For a credential to which something is sealed before its account is known. */
  newCredentialId(): CredentialId
  /** The account's own words: its name and identifiers, normalised. */
  userInputs: readonly string[]
  hashing: PasswordHashing
  sealing: Sealing
  secrets: SecretHashing
}

export interface EnrolContext<Settings, Data> extends MethodContext<Settings, Data> {
  account: MethodAccount
  /** The id that the new credential will have. */
  credentialId: CredentialId
}

export interface ChallengeStart<State> {
  /** Sent to the caller. */
  challenge: Record<string, unknown>
  /** Kept sealed; never sent. */
  state: State
  expiresInSeconds: number
  /** How many answers are accepted for checking; one by default. */
  tries?: number
  /** For the account's owner. Absent if there is no such account; the reply is the same. */
  send?: Message
}

/** An identity at an upstream provider that no account here has. */
export interface External<Data> {
  connection: Connection
  /** What an account would prove itself with from now on. */
  credential: NewCredential<Data>
  email: string | null
  /** By the connection's rule. */
  emailVerified: boolean
  /** It is of a domain that the connection owns. */
  ownsEmail: boolean
  name: string | null
}

/** What of an account was proved. */
export type ProvedBy<Data = unknown> = { credential: Credential<Data> } | { identifier: AccountIdentifier }

/** What was proved: a credential, control of an identifier of the account, or an identity elsewhere. */
export type Proof<Data> =
  | {
      outcome: 'proved'
      by: ProvedBy<Data> | { external: External<Data> }
      claims: Claims
      update?: CredentialUpdate<Data>
      /** Of the organisation whose directory proved it. */
      membership?: DirectoryMembership
      /** Public: something the owner should know, such as how many codes are left. */
      notes?: Record<string, unknown>
    }
  | {
      outcome: 'refused'
      /** For the log. */
      reason: string
      /** Public: a hint for the caller's program; never about an account. */
      notes?: Record<string, unknown>
      /** Set where the owner should hear of it: a credential that seems to have been copied. */
      suspectedClone?: Credential<Data>
    }

export type Enrolment<Data> =
  /** `proves`: setting it up proved it as well, as a first code or a ceremony does. */
  | {
      outcome: 'enrolled'
      credential: NewCredential<Data>
      notes: Record<string, unknown>
      proves: boolean
      updates?: CredentialUpdate<Data>[]
    }
  | { outcome: 'refused'; errors: FieldFault[]; notes: Record<string, unknown> }

export interface FormField {
  name: string
  type: 'secret' | 'text' | 'code'
  autocomplete: string
  label: string
}

/** What setting a method up shows, as data: each names a part of the challenge. */
export interface SetUpPart {
  part: string
  /** `image`: SVG; `secret`: to be typed elsewhere; `codes`: a list to be kept. */
  kind: 'image' | 'secret' | 'codes'
}

export type Words = Record<Locale, Record<string, string>>

/** Why an account has a method: what its credentials could prove, or which identifier's control it proves. */
export interface Offer {
  claims: Claims
  identifier: IdentifierKind | null
}

/** An authentication method (DESIGN.md §6): a folder under `src/methods/` and one line in its list. */
export interface MethodDefinition<Settings = unknown, Data = unknown, State = unknown, Answer = unknown> {
  id: string
  /** The most it may ever prove. */
  canClaim: Claims
  settings: TSchema
  /** What is wrong with settings that are each well formed; empty if nothing is. */
  settingsFaults?(settings: Settings): string[]
  data: TSchema
  state: TSchema
  answer: TSchema
  /** What the pages show, as data; labels are keys of `words`. `label` is the method's name. */
  form: readonly FormField[]
  /**
   * Where the browser must be asked: the source of a function of the challenge, and of `{ mediation, signal
   * }`, that resolves to the answer.
   */
  browserScript?: string
  /** Identifies the account itself (discoverable credential), and cannot be guessed. */
  discoverable?: true
  words: Words
  /**
   * It is proved at an upstream provider, by a connection whose kind is this method, and identifies the
   * account itself. `redirect`: the challenge is a `redirect_url`, and the answer comes back with the
   * browser. `form`: the answer is typed here, as the name and the password of a directory.
   */
  upstream?: 'redirect' | 'form'
  /** What a challenge is begun with; nothing, by default. */
  asks?: TSchema
  /** Whether it can be used where the server is reached; everywhere, by default. */
  worksAt?(issuer: string): boolean
  /** Whether it is offered to users; programs use it unasked. */
  offered: boolean
  /** The channel that `begin` sends on: the rate limit is checked first. */
  sends?: Message['channel']
  /** What this account could prove with it. Undefined if it cannot be asked for. */
  offer(subject: {
    account: MethodAccount
    credentials: readonly Credential<Data>[]
    settings: Settings
  }): Offer | undefined
  /** The problem thrown for a refused enrolment; `enrolment_refused` by default. */
  refusal?: 'weak_password'
  /** Absent if there is no challenge: the answer can come at once. `asked`: by the schema `asks`. */
  begin?(ctx: MethodContext<Settings, Data>, asked: Record<string, unknown>): Promise<ChallengeStart<State>>
  /** Writes nothing: returns the changes, and the engine applies them atomically. */
  prove(ctx: MethodContext<Settings, Data>, state: State, answer: Answer): Promise<Proof<Data>>
  /**
   * An answer from another device than the one that began: it is not signed in itself; it changes the state,
   * and the waiting device continues.
   */
  approve?: {
    /** True if the token of a link is this challenge's; looking changes nothing. */
    holds(ctx: Pick<MethodContext<Settings, Data>, 'secrets'>, state: State, token: string): boolean
    /** Undefined if the answer is wrong. */
    finish(
      ctx: Pick<MethodContext<Settings, Data>, 'secrets'>,
      state: State,
      answer: Record<string, unknown>,
    ): State | undefined
  }
  /** A credential that programs send with each request as a bearer token. */
  bearer?: {
    prefix: string
    /** Which credential the token says it is; undefined if it is malformed. */
    lookupOf(token: string): string | undefined
    /** Undefined if the token is wrong, expired or not active. */
    check(
      ctx: { now: number; secrets: SecretHashing },
      credential: Credential<Data>,
      token: string,
    ): { scope: string; expiresAt: number | null } | undefined
  }
  enrol?: {
    /**
     * One credential of this kind an account, replaced on enrolling anew; or several side by side, up to a
     * number.
     */
    holds: 'one' | 'many'
    answer: TSchema
    /**
     * How the account pages set it up; left out where only programs do. `browserScript`: of the challenge,
     * and resolves to the answer.
     */
    page?: { form: readonly FormField[]; shows: readonly SetUpPart[]; browserScript?: string }
    begin?(ctx: EnrolContext<Settings, Data>, asked: Record<string, unknown>): Promise<ChallengeStart<State>>
    finish(ctx: EnrolContext<Settings, Data>, state: State, answer: Answer): Promise<Enrolment<Data>>
    /**
     * Where the account has one already: what of the answer proves that one, so that a session left open
     * changes nothing (ASVS 6.2.3).
     */
    former?: { field: FormField; answerOf(answer: Answer): Answer | undefined }
    preview?: Preview<Settings, Answer>
  }
  /** Credentials of other systems. */
  imports?: {
    takes: ImportableCredential['type']
    /** Writes nothing; the credential, or why it is left out. */
    make(ctx: ImportingContext, given: ImportableCredential): NewCredential<Data> | ImportWarning
  }
  /** The current credentials, so that the browser can update its own store. */
  signals?(subject: {
    account: MethodAccount
    credentials: readonly Credential<Data>[]
    issuer: string
  }): Record<string, unknown>
  /** Origins beside the issuer's that may use it (`/.well-known/webauthn`). */
  relatedOrigins?(settings: Settings): string[]
  /** What the owner is shown of a credential. `lookup`: what it is found by, which is no secret. */
  describe?(data: Data, lookup: string | null): Record<string, unknown>
  /** Of a method with connections: by which connection its user came last, and what is kept sealed for it. */
  identity?(data: Data): { connection: ConnectionId; subject: string; kept: string | null }
  /** The most that this credential proves, where it is less than `canClaim`. */
  claimsOf?(data: Data): Claims
}
