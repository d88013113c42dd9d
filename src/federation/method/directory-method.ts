import { type ConnectionUse, type Upstream, UpstreamFault } from '../../domain/connection.ts'
import { claiming } from '../../domain/evidence.ts'
import type { ConnectionId } from '../../domain/id.ts'
import type { MethodContext, MethodDefinition } from '../../domain/method.ts'
import { Problem } from '../../domain/problem.ts'
import { type Answer, answer, type Settings, type State, settings, state } from './directory-schema.ts'
import { words } from './directory-words.ts'
import { credentialOf, identityViews, proveIdentity } from './prove-identity.ts'
import { type Data, data } from './schema.ts'

const claims = claiming({ amr: ['pwd'], factors: ['knowledge'], standsAlone: true })

/** A name and a password, which a company's directory checks. `id`: the kind of its connections. */
export const createDirectoryMethod = (id: string): MethodDefinition<Settings, Data, State, Answer> => ({
  id,
  canClaim: claims,
  offered: true,
  upstream: 'form',
  settings,
  data,
  state,
  answer,
  form: [
    { name: 'username', type: 'text', autocomplete: 'username', label: 'username' },
    { name: 'password', type: 'secret', autocomplete: 'current-password', label: 'password' },
  ],
  words,
  offer: ({ credentials }) => (credentials.length > 0 ? { claims, identifier: null } : undefined),

  async prove(ctx, _state, given) {
    const upstream = await openFor(ctx, given, 'sign-in')
    if (!upstream) return { outcome: 'refused', reason: 'no_connection' }
    const checked = await check(upstream, given)
    if ('refused' in checked) {
      const { refused, detail } = checked
      const notes = refused !== 'wrong' && { notes: { upstream: refused } }
      return { outcome: 'refused', reason: `${refused}: ${detail}`, ...notes }
    }
    return proveIdentity(ctx, { connection: upstream.connection, identity: checked.identity }, claims)
  },

  enrol: {
    holds: 'many',
    answer,
    async finish(ctx, _state, given) {
      const upstream = await openFor(ctx, given, 'link')
      const checked = upstream && (await check(upstream, given))
      if (checked && 'identity' in checked) {
        const { connection } = upstream
        const about = { connection, identity: checked.identity }
        return {
          outcome: 'enrolled',
          credential: credentialOf(ctx, about, ctx.credentialId),
          notes: {},
          proves: true,
        }
      }
      const code = checked?.refused ?? 'wrong'
      const message = words[ctx.locale][code] as string
      return {
        outcome: 'refused',
        errors: [{ field: '/password', code, message }],
        notes: { upstream: code },
      }
    },
  },
  ...identityViews,
})

/** Throws `upstream_unavailable`. */
const check = (upstream: Upstream, given: Answer): ReturnType<Upstream['check']> =>
  upstream.check(given).catch((error) => {
    if (!(error instanceof UpstreamFault)) throw error
    throw new Problem('upstream_unavailable', { cause: error })
  })

/** The connection that is named, the account's own, or the one for what was typed. */
function openFor(
  { openUpstream, credentials, hint }: MethodContext<Settings, Data>,
  given: Answer,
  use: ConnectionUse,
) {
  const [own] = credentials
  const address = given.username.includes('@') ? given.username : (hint?.value ?? '')
  if (given.connection !== undefined) return openUpstream({ slug: given.connection }, use)
  return own ? openUpstream({ id: own.data.connection as ConnectionId }, use) : openUpstream({ address }, use)
}
