import type { AccountWithIdentifiers } from '../../../../domain/account.ts'
import type { Credential } from '../../../../domain/credential.ts'
import type { Locale } from '../../../../domain/locale.ts'
import type { MethodDefinition } from '../../../../domain/method.ts'
import { hasSecondFactor } from '../../../../domain/policy.ts'
import { isAdministrative } from '../../../../domain/role.ts'
import type { Engine } from '../../../../engine/engine.ts'
import type { SecurityCard } from '../../../../pages/account/security-card.ts'
import { words } from '../../../../words/pages.ts'
import { wayWithoutTyping } from '../../../page/ways.ts'

interface Given {
  account: AccountWithIdentifiers
  credentials: readonly Credential[]
  /** Those that the pages can set up. */
  canAdd: readonly MethodDefinition[]
  locale: Locale
}

/** What protects the account, by what its methods declare. */
export function securityOf({ methods }: Pick<Engine, 'methods'>, given: Given): SecurityCard {
  const { account, credentials, canAdd, locale } = given
  const kinds = new Set(credentials.map(({ kind }) => kind))
  const hasSecond = hasSecondFactor(methods.subject(account, credentials).methods)
  const find = (fits: (method: MethodDefinition) => boolean) => canAdd.find(fits)
  const second = find(({ canClaim }) => !canClaim.standsAlone && !canClaim.standsIn)
  const resistant = wayWithoutTyping(canAdd)
  const spare = find(({ canClaim }) => canClaim.standsIn)
  const verify = { path: '/account/addresses/email', label: words[locale].account.verify }
  const isVerified = account.identifiers.some(
    ({ kind, verifiedAt }) => kind !== 'username' && verifiedAt !== null,
  )
  return {
    tasks: [
      { what: 'address', isDone: isVerified, way: verify },
      { what: 'second', isDone: hasSecond, way: second ?? null },
      ...(resistant ? [{ what: 'resistant', isDone: kinds.has(resistant.id), way: resistant } as const] : []),
      // They stand in for a second step.
      ...(spare && hasSecond ? [{ what: 'spare', isDone: kinds.has(spare.id), way: spare } as const] : []),
    ],
    operator: !isAdministrative(account.role) ? null : hasSecond ? 'granted' : 'locked',
  }
}
