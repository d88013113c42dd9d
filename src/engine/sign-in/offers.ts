import type { Attempt } from '../../domain/attempt.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import type { SignInNeeds } from './needs.ts'

export type Offers = { method: string }[]

/**
 * The methods that may be proved next. An anonymous user is offered every method; an account's own are
 * revealed once something is proved.
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
