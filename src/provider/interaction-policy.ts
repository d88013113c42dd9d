import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { type Assurance, assurances, isAtLeast } from '../domain/assurance.ts'
import type { Engine } from '../engine/engine.ts'
import { isSessionEnough } from '../engine/session-requirement.ts'
import { ownSession } from './own-session.ts'
import { settingsOf } from './provider-client.ts'

const { Check, base } = interactionPolicy

/** When somebody must be asked again: the library's checks, and ours on the session and on the policy for this client. */
export function createInteractionPolicy(engine: Engine) {
  const policy = base()
  const login = policy.get('login')
  const consent = policy.get('consent')
  // They ask for the very value; more is as good.
  login?.checks.remove('essential_acrs')
  login?.checks.remove('essential_acr')
  if (login) login.details = (ctx) => ({ required_acr: requiredAcr(ctx) }) satisfies Wanted
  login?.checks.add(
    new Check('session_ended', 'the session has ended', 'login_required', async (ctx) => !(await hasLiveSession(engine, ctx))),
  )
  login?.checks.add(new Check('more_evidence', 'more must be proved', 'login_required', async (ctx) => !(await isEnoughFor(engine, ctx))))
  // Whoever signs in to our own application is not asked whether it may know who they are; any other native one could be an impostor (RFC 8252 §8.6).
  const native = consent?.checks.find(({ reason }) => reason === 'native_client_prompt')
  if (native) {
    consent?.checks.remove('native_client_prompt')
    consent?.checks.add(
      new Check(
        native.reason,
        native.description,
        'interaction_required',
        (ctx) => !settingsOf(ctx.oidc.client).firstParty && native.check(ctx),
      ),
    )
  }
  return policy
}

async function hasLiveSession(engine: Engine, ctx: KoaContextWithOIDC): Promise<boolean> {
  const { session } = ctx.oidc
  if (!session?.accountId) return true // the library asks for one by itself
  const own = await ownSession(engine, ctx)
  return own !== undefined && own.expiresAt > engine.clock.now() && own.accountId === session.accountId
}

async function isEnoughFor(engine: Engine, ctx: KoaContextWithOIDC): Promise<boolean> {
  const { session, client } = ctx.oidc
  const own = session?.accountId && client ? await ownSession(engine, ctx) : undefined
  if (!own || !client) return true // said by the other check
  return isSessionEnough(engine, own, { clientId: client.clientId, acr: requiredAcr(ctx) })
}

/** What the prompts say is wanted, for the pages. */
export interface Wanted {
  required_acr?: Assurance | null
  missingOIDCScope?: string[]
  missingOIDCClaims?: string[]
  missingResourceScopes?: Record<string, string[]>
}

/** The most that the client's own setting and this request ask for. */
function requiredAcr({ oidc }: KoaContextWithOIDC): Assurance | null {
  const acrs = [
    leastOf(String(oidc.params?.acr_values ?? '').split(' ')),
    essentialAcr(oidc.claims.id_token?.acr),
    settingsOf(oidc.client).acr,
  ]
  return acrs.reduce((most, acr) => (most === null || (acr !== null && isAtLeast(acr, most)) ? acr : most), null)
}

function essentialAcr(claim: unknown): Assurance | null {
  const { essential, value, values } = (claim ?? {}) as { essential?: boolean; value?: unknown; values?: unknown }
  if (!essential) return null
  return leastOf([value, ...(Array.isArray(values) ? values : [])])
}

/** Of several that would do (OIDC Core §3.1.2.1), the one that takes least; more than it does as well. */
const leastOf = (values: readonly unknown[]): Assurance | null => assurances.find((acr) => values.includes(acr)) ?? null
