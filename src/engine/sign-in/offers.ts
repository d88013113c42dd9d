import type { Attempt } from '../../domain/attempt.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import type { SignInNeeds } from './needs.ts'

export type Offers = { method: string }[]

/**
 * What may be proved next. A stranger is offered all that this server has; what an account has is told once
 * something is proved.
 */
export function offersFor(
  engine: SignInNeeds,
  { accountId, decision }: Pick<Attempt, 'accountId' | 'decision'>,
): Offers {
  if (accountId === null)
    return engine.methods.list
      .filter((method) => isOfferedToStrangers(engine, method))
      .map(({ id }) => ({ method: id }))
  return decision?.outcome === 'more'
    ? decision.offers.filter(({ method }) => engine.methods.get(method).offered)
    : []
}

function isOfferedToStrangers(
  { settings: { policy } }: SignInNeeds,
  { id, offered }: MethodDefinition,
): boolean {
  return offered && !policy.counts.notMethods.includes(id)
}
