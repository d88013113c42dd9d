import {
  type ConnectionUse,
  type Upstream,
  UpstreamFault,
  type UpstreamIdentity,
} from '../../domain/connection.ts'
import type { ChallengeStart, MethodContext, MethodDefinition } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import { allClaims, claimsOf } from './claims.ts'
import { credentialOf, identityViews, proveIdentity } from './prove-identity.ts'
import {
  type Answer,
  answer,
  asks,
  type Data,
  data,
  type Settings,
  type State,
  settings,
  state,
} from './schema.ts'
import { words } from './words.ts'

const roundTripSeconds = 900
const secretBytes = 32

type Context = MethodContext<Settings, Data>

/** An account at another provider, by a connection of an operator. `id`: the kind of the connection. */
export const createRedirectMethod = (id: string): MethodDefinition<Settings, Data, State, Answer> => ({
  id,
  canClaim: allClaims,
  offered: true,
  upstream: 'redirect',
  settings,
  asks,
  data,
  state,
  answer,
  form: [],
  words,
  // What the provider may say beyond that is only known when it says it.
  offer: ({ credentials }) =>
    credentials.length > 0 ? { claims: claimsOf([]), identifier: null } : undefined,

  begin: (ctx, asked) => begin(ctx, asked, 'sign-in'),

  async prove(ctx, kept, given) {
    const found = await identify(ctx, { kept, given, use: 'sign-in' })
    if ('fault' in found) return { outcome: 'refused', ...found.fault }
    const { identity } = found
    const { connection } = found.upstream
    return proveIdentity(ctx, { connection, identity }, claimsOf(identity.amr))
  },

  enrol: {
    holds: 'many',
    answer,
    begin: (ctx, asked) => begin(ctx, asked, 'link'),
    async finish(ctx, kept, given) {
      const found = await identify(ctx, { kept, given, use: 'link' })
      if ('identity' in found) {
        const { identity, upstream } = found
        const about = { connection: upstream.connection, identity }
        const credential = credentialOf(ctx, about, ctx.credentialId)
        return { outcome: 'enrolled', credential, notes: {}, proves: true }
      }
      const { upstream: code } = found.fault.notes
      const message = words[ctx.locale][code] as string
      return { outcome: 'refused', errors: [{ field: '/code', code, message }], notes: found.fault.notes }
    },
  },
  ...identityViews,
})

/** Throws `not_found` if there is no such connection, or if it is not open for this. */
async function begin(
  ctx: Context,
  { connection: slug }: Record<string, unknown>,
  use: ConnectionUse,
): Promise<ChallengeStart<State>> {
  const upstream = await ctx.openUpstream({ slug: String(slug) }, use)
  if (!upstream) throw new Problem('not_found')
  const state = `${ctx.challengeId}.${ctx.random.bytes(secretBytes).toString('base64url')}`
  const loginHint = ctx.knowsAccount ? null : (ctx.hint?.value ?? null)
  try {
    const { url, memory } = await upstream.authorize({ state, loginHint, fresh: ctx.fresh })
    const { id: connection } = upstream.connection
    return {
      challenge: { redirect_url: url },
      state: { connection, stateHash: ctx.secrets.hash(state), memory },
      expiresInSeconds: roundTripSeconds,
    }
  } catch (error) {
    if (!(error instanceof UpstreamFault)) throw error
    throw new Problem('upstream_unavailable', { cause: error })
  }
}

interface Fault {
  reason: string
  notes: { upstream: UpstreamFault['reason'] }
}

interface Identified {
  identity: UpstreamIdentity
  upstream: Upstream
}

async function identify(
  ctx: Context,
  { kept, given, use }: { kept: State; given: Answer; use: ConnectionUse },
): Promise<Identified | { fault: Fault }> {
  const fault = (upstream: Fault['notes']['upstream'], detail: string) => ({
    fault: { reason: `upstream_${upstream}: ${detail}`, notes: { upstream } },
  })
  if (!ctx.secrets.matches(given.state, kept.stateHash)) return fault('invalid', 'another state')
  const upstream = await ctx.openUpstream({ id: kept.connection as `con_${string}` }, use)
  if (!upstream) return fault('misconfigured', 'the connection is disabled')
  try {
    return { identity: await upstream.identify(given, kept.memory), upstream }
  } catch (error) {
    if (!(error instanceof UpstreamFault)) throw error
    return fault(error.reason, error.message)
  }
}
