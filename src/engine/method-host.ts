import { equalSecrets, hashSecret } from '../crypto/equal.ts'
import type { Sealer } from '../crypto/seal.ts'
import type { AccountWithIdentifiers } from '../domain/account.ts'
import type { Federation } from '../domain/connection.ts'
import type { Credential } from '../domain/credential.ts'
import { type Evidence, staysUnder } from '../domain/evidence.ts'
import { type CredentialId, newCredentialId, type TicketId } from '../domain/id.ts'
import type { IdentifierKind } from '../domain/identifier.ts'
import type { Sealing } from '../domain/importing.ts'
import type { Locale } from '../domain/locale.ts'
import type {
  EnrolContext,
  MethodContext,
  MethodDefinition,
  PasswordHashing,
  Proof,
  ProvedBy,
  SecretHashing,
} from '../domain/method.ts'
import type { PolicyDocument } from '../domain/policy-document.ts'
import type { PolicyMethod, PolicySubject } from '../domain/policy-input.ts'
import type { Rating } from '../domain/preview.ts'
import type { Random } from '../domain/random.ts'
import { schemaCheck } from '../domain/schema-check.ts'
import type { Store } from '../store/store.ts'
import { createOpenUpstream } from './connections/upstreams.ts'
import { credentialBinding } from './credentials/credential-binding.ts'
import type { Requester } from './request-context.ts'

/** Slow hashing for one source; the queue behind it is fair between sources. */
export type HashingFor = (source: string) => PasswordHashing

export interface ContextRequest {
  method: MethodDefinition
  account: AccountWithIdentifiers | undefined
  credentials: readonly Credential[]
  requester: Requester
  now: number
  fresh?: boolean
  isRecovery?: boolean
  /** True once something of the account was proved. */
  knowsAccount?: boolean
  /** A credential that was disabled by guessing still works at a known place. */
  isKnownPlace?: boolean
  hint?: { kind: IdentifierKind; value: string } | null
  /** Of the challenge that is begun. */
  challengeId?: TicketId
}

/** Gives methods their context, and adds to their proofs what they may not set themselves. */
export interface MethodHost {
  list: readonly MethodDefinition[]
  /** Throws on an unknown id, which is a bug: routes are made from the same list. */
  get(id: string): MethodDefinition
  find(id: string): MethodDefinition | undefined
  /** Whether an answer is well formed for a method. */
  takes(method: MethodDefinition, answer: unknown): boolean
  /** Origins beside the issuer's from which a method may be used. */
  relatedOrigins(method: MethodDefinition): string[]
  /** Hashes and compares secrets. */
  secrets: SecretHashing
  sealing: Sealing
  context(given: ContextRequest): MethodContext<unknown, unknown>
  /** What is asked of an answer that one chooses; undefined if the method does not say. */
  rule(method: MethodDefinition, locale: Locale): string | undefined
  /**
   * `known`: what an attacker may know of the user. Throws `busy`; also on a method without a preview, which
   * is a bug.
   */
  rate(
    method: MethodDefinition,
    given: { answer: unknown; known: readonly string[]; locale: Locale },
  ): Promise<Rating>
  enrolContext(
    given: ContextRequest & { account: AccountWithIdentifiers; credentialId: CredentialId },
  ): EnrolContext<unknown, unknown>
  /** Throws if a method claims more than it declared, which is a bug in it. */
  stamp(given: {
    method: MethodDefinition
    proof: Pick<Extract<Proof<unknown>, { outcome: 'proved' }>, 'claims'> & { by: ProvedBy }
    now: number
  }): Evidence
  /** The policy's view of an account: its role, and what its methods could prove. */
  subject(
    account: AccountWithIdentifiers,
    credentials: readonly Credential[],
    from?: { isKnownPlace: boolean },
  ): PolicySubject
}

const wordLengthMin = 3

/**
 * Disabled by a setting: existing credentials are listed and can be removed, but it is neither offered nor
 * set up.
 */
function withoutOffer({ enrol: _, discoverable: __, ...method }: MethodDefinition): MethodDefinition {
  return { ...method, offered: false, offer: () => undefined }
}

const secrets: SecretHashing = {
  hash: hashSecret,
  matches: (secret, hash) => equalSecrets(hashSecret(secret), hash),
}

export function createMethodHost(given: {
  methods: readonly MethodDefinition[]
  settings: Readonly<Record<string, unknown>>
  hashingFor: HashingFor
  random: Random
  store: Store
  sealer: Sealer
  issuer: string
  siteName: string
  policy: PolicyDocument
  federation: Federation
}): MethodHost {
  const { settings, hashingFor, random, store, sealer, issuer, siteName, policy, federation } = given
  const methods = given.methods.map((method) =>
    method.worksAt?.(issuer) === false ? withoutOffer(method) : method,
  )
  const siteWords = partsOf([siteName, new URL(issuer).hostname.replace(/^\d+\.\d+\.\d+\.\d+$/, '')])
  const byId = new Map(methods.map((method) => [method.id, method]))
  const checks = new Map(methods.map(({ id, answer }) => [id, schemaCheck(answer)]))
  const sealing = sealingBy(sealer)

  function get(id: string): MethodDefinition {
    const method = byId.get(id)
    if (!method) throw new Error(`there is no method ${id}`)
    return method
  }

  const context: MethodHost['context'] = ({
    method,
    account,
    credentials,
    requester,
    now,
    fresh = false,
    isRecovery = false,
    knowsAccount = false,
    isKnownPlace = false,
    hint = null,
    challengeId = 'tkt_',
  }) => ({
    now,
    random,
    settings: settings[method.id],
    locale: requester.locale,
    ownerLocale: account?.locale ?? requester.locale,
    issuer,
    siteName,
    limits: policy.limits,
    account: account && withoutSuspended(account),
    fresh,
    isRecovery,
    knowsAccount,
    hint,
    challengeId,
    credentials: activeCredentials(method, credentials, isKnownPlace),
    async findByLookup(lookup) {
      const found = await store.credentials.findByLookup(method.id, lookup)
      return found && activeCredentials(method, [found], isKnownPlace)[0]
    },
    openUpstream: createOpenUpstream(
      { store, sealer, random, federation, settings: { issuer } },
      { kind: method.id, now },
    ),
    userInputs: [...siteWords, ...(account ? wordsOf(account) : [])],
    newCredentialId: () => newCredentialId({ clock: { now: () => now }, random }),
    hashing: hashingFor(requester.source),
    sealing,
    secrets,
  })

  return {
    list: methods,
    get,
    find: (id) => byId.get(id),
    secrets,
    sealing,
    takes: ({ id }, answer) => checks.get(id)?.(answer) ?? false,
    relatedOrigins: (method) => method.relatedOrigins?.(settings[method.id]) ?? [],
    context,
    enrolContext: (request) => ({
      ...context({ ...request, knowsAccount: true }),
      account: withoutSuspended(request.account),
      credentialId: request.credentialId,
    }),
    ...previewing(settings, siteWords),
    stamp,
    subject: (account, credentials, { isKnownPlace } = { isKnownPlace: false }) => ({
      role: account.role,
      active: account.state === 'active',
      methods: methods.flatMap((method) =>
        policyMethods(method, { account, credentials, settings: settings[method.id], isKnownPlace }),
      ),
    }),
  }
}

const sealingBy = (sealer: Sealer): Sealing => ({
  seal: (plain, boundTo) => sealer.seal(plain, credentialBinding(boundTo)),
  open: (sealed, boundTo) => sealer.open(sealed, credentialBinding(boundTo)),
})

const previewing = (
  settings: Readonly<Record<string, unknown>>,
  siteWords: readonly string[],
): Pick<MethodHost, 'rule' | 'rate'> => ({
  rule: (method, locale) => method.enrol?.preview?.rule({ settings: settings[method.id], locale }),
  rate(method, { answer, known, locale }) {
    if (!method.enrol?.preview) throw new Error(`${method.id} has no preview`)
    const userInputs = [...siteWords, ...partsOf(known)]
    return method.enrol.preview.rate({ settings: settings[method.id], locale, userInputs }, answer)
  },
})

function stamp({ method, proof, now }: Parameters<MethodHost['stamp']>[0]): Evidence {
  if (!staysUnder(method.canClaim, proof.claims)) throw new Error(`${method.id} claims more than it may`)
  const proved = { ...proof.claims, method: method.id, at: now }
  if ('credential' in proof.by) {
    const { id, accountId } = proof.by.credential
    return { ...proved, accountId, credentialId: id, identifier: null }
  }
  const { accountId, kind, value } = proof.by.identifier
  return { ...proved, accountId, credentialId: null, identifier: { kind, value } }
}

/** The policy's view of one method: undefined, or what it could prove for this account. */
function policyMethods(
  method: MethodDefinition,
  given: {
    account: AccountWithIdentifiers
    credentials: readonly Credential[]
    settings: unknown
    isKnownPlace: boolean
  },
): PolicyMethod[] {
  const { account, credentials, settings, isKnownPlace } = given
  const own = credentials.filter(({ kind, suspendedAt }) => kind === method.id && suspendedAt === null)
  const offer = method.offer({ account: withoutSuspended(account), credentials: own, settings })
  if (!offer) return []
  const enrolled = offer.identifier === null
  const usable = !enrolled || isKnownPlace || own.some(({ disabledAt }) => disabledAt === null)
  return [{ id: method.id, claims: offer.claims, identifier: offer.identifier, enrolled, usable }]
}

/** The method's usable credentials: not suspended and, except at a known place, not disabled by guessing. */
const activeCredentials = (
  method: MethodDefinition,
  credentials: readonly Credential[],
  isKnownPlace: boolean,
): Credential[] =>
  credentials.filter(
    ({ kind, disabledAt, suspendedAt }) =>
      kind === method.id && suspendedAt === null && (disabledAt === null || isKnownPlace),
  )

const withoutSuspended = <Account extends Pick<AccountWithIdentifiers, 'identifiers'>>(
  account: Account,
): Account =>
  account.identifiers.every(({ suspendedAt }) => suspendedAt === null)
    ? account
    : { ...account, identifiers: account.identifiers.filter(({ suspendedAt }) => suspendedAt === null) }

/** An attacker's first guesses: the account's name and identifiers, and their parts. */
const wordsOf = ({
  name,
  identifiers,
}: {
  name: string | null
  identifiers: readonly { value: string; display: string }[]
}): string[] => partsOf([name ?? '', ...identifiers.flatMap(({ value, display }) => [value, display])])

function partsOf(whole: readonly string[]): string[] {
  const parts = whole.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u))
  return [
    ...new Set(
      [...whole, ...parts]
        .map((word) => word.normalize('NFKC').toLowerCase())
        .filter((word) => [...word].length >= wordLengthMin),
    ),
  ]
}
