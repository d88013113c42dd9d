import type { AccountWithIdentifiers } from '../domain/account.ts'
import type { Credential } from '../domain/credential.ts'
import { type Claims, type Evidence, staysUnder } from '../domain/evidence.ts'
import type { MethodContext, MethodDefinition, PasswordHashing } from '../domain/method.ts'
import type { PolicySubject } from '../domain/policy.ts'
import type { Random } from '../domain/random.ts'
import type { Requester } from './requester.ts'

/** Slow hashing for one source; the queue behind it is fair between sources. */
export type HashingFor = (source: string) => PasswordHashing

/** Lends methods what they may see, and stamps what they may not say themselves. */
export interface MethodHost {
  list: readonly MethodDefinition[]
  /** Throws on an unknown id, which is a bug: routes are made from the same list. */
  get(id: string): MethodDefinition
  context(given: {
    method: MethodDefinition
    account: AccountWithIdentifiers | undefined
    credentials: readonly Credential[]
    requester: Requester
    now: number
  }): MethodContext<unknown, unknown>
  /** Throws where a method claims more than it declared, which is a bug in it. */
  stamp(given: { method: MethodDefinition; credential: Credential; claims: Claims; now: number }): Evidence
  /** What a policy may know: the account's role, and what its credentials could prove. */
  subject(account: AccountWithIdentifiers, credentials: readonly Credential[]): PolicySubject
}

export function createMethodHost(given: {
  methods: readonly MethodDefinition[]
  settings: Readonly<Record<string, unknown>>
  hashingFor: HashingFor
  random: Random
}): MethodHost {
  const { methods, settings, hashingFor, random } = given
  const byId = new Map(methods.map((method) => [method.id, method]))

  function get(id: string): MethodDefinition {
    const method = byId.get(id)
    if (!method) throw new Error(`there is no method ${id}`)
    return method
  }

  return {
    list: methods,
    get,
    context: ({ method, account, credentials, requester, now }) => ({
      now,
      random,
      settings: settings[method.id],
      locale: requester.locale,
      accountId: account?.id,
      credentials: credentials.filter((credential) => credential.kind === method.id),
      ownWords: account ? wordsOf(account) : [],
      hashing: hashingFor(requester.source),
    }),
    stamp({ method, credential, claims, now }) {
      if (!staysUnder(method.canClaim, claims)) throw new Error(`${method.id} claims more than it may`)
      return { ...claims, method: method.id, accountId: credential.accountId, credentialId: credential.id, at: now }
    },
    subject: (account, credentials) => ({
      role: account.role,
      active: account.state === 'active',
      methods: methods
        .filter((method) => credentials.some((credential) => credential.kind === method.id))
        .map(({ id, canClaim }) => ({
          id,
          factors: canClaim.factors,
          userVerified: canClaim.userVerified,
          phishingResistant: canClaim.phishingResistant,
        })),
    }),
  }
}

/** What a guesser would try first: the account's own name and identifiers, and their parts. */
function wordsOf({ name, identifiers }: { name: string | null; identifiers: readonly { value: string; display: string }[] }): string[] {
  const whole = [name ?? '', ...identifiers.flatMap(({ value, display }) => [value, display])]
  const parts = whole.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u))
  return [...new Set([...whole, ...parts].map((word) => word.normalize('NFKC').toLowerCase()).filter((word) => [...word].length >= 3))]
}
