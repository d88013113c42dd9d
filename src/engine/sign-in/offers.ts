import type { Attempt } from '../../domain/attempt.ts'
import type { Connection } from '../../domain/connection.ts'
import type { Locale } from '../../domain/locale.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import { connectionName } from '../connections/upstreams.ts'
import { openConnectionOf } from '../credentials/open-credentials.ts'
import { homeConnections } from './home-realm.ts'
import type { SignInNeeds } from './needs.ts'
import type { Concluded, Offers, Outcome } from './types.ts'

type Asking = Pick<Attempt, 'accountId' | 'decision' | 'hint'>

/**
 * The methods that may be proved next. An anonymous user is offered every method; an account's own are
 * revealed once something is proved.
 */
export function methodsOffered(engine: SignInNeeds, { accountId, decision }: Asking): MethodDefinition[] {
  if (accountId === null) return engine.methods.list.filter((method) => isOfferedToStrangers(engine, method))
  return decision?.outcome === 'more'
    ? decision.offers.map(({ method }) => engine.methods.get(method)).filter(({ offered }) => offered)
    : []
}

/** The same, with the connections of methods that have them. */
export async function offersFor(engine: SignInNeeds, asking: Asking, locale: Locale): Promise<Offers> {
  const offers = methodsOffered(engine, asking).map(async (method): Promise<Offers> => {
    if (!method.upstream) return [{ method: method.id }]
    const connections = await connectionsOffered(engine, method, asking)
    return connections.map((one) => ({
      ...{ method: method.id, connection: one.slug, label: connectionName(engine, one, locale) },
    }))
  })
  return (await Promise.all(offers)).flat()
}

/** An outcome, with what may be proved next. */
export const withOffers = async (
  engine: SignInNeeds,
  concluded: Concluded,
  locale: Locale,
): Promise<Outcome> =>
  concluded.status === 'more'
    ? { ...concluded, offers: await offersFor(engine, concluded.attempt, locale) }
    : concluded

/**
 * The connections that sign in, in their order: first those of the organisation that has the domain of the
 * typed address (home-realm discovery), whether an account has the address or not. Of an account, those by
 * which it is linked.
 */
export async function connectionsOffered(
  engine: SignInNeeds,
  method: MethodDefinition,
  { accountId, hint }: Pick<Asking, 'accountId' | 'hint'>,
): Promise<Connection[]> {
  if (accountId === null) {
    const home = await homeConnections(engine, { hint })
    const open = [...home, ...(await engine.offeredConnections.list('sign-in'))]
    return open.filter(({ kind }) => kind === method.id)
  }
  const linked = (await engine.store.credentials.listByAccount(accountId))
    .filter(({ kind, suspendedAt }) => kind === method.id && suspendedAt === null)
    .map((credential) => openConnectionOf(engine, method, credential))
  const open = (await Promise.all(linked)).filter((one) => one !== undefined)
  return [...new Map(open.map((one) => [one.id, one])).values()].sort((a, b) => a.position - b.position)
}

function isOfferedToStrangers(
  { settings: { policy } }: SignInNeeds,
  { id, offered }: MethodDefinition,
): boolean {
  return offered && !policy.counts.notMethods.includes(id)
}
