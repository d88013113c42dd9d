import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { ProviderSecrets } from '../crypto/provider-secrets.ts'
import { type Assurance, assurances, isAtLeast } from '../domain/assurance.ts'
import type { OrganisationId } from '../domain/id.ts'
import type { Engine } from '../engine/engine.ts'
import { isSessionEnough } from '../engine/policy/session-satisfies.ts'
import { wantedOrganisation } from './organisation.ts'
import { type ProviderClient, settingsOf } from './provider-client.ts'
import { ownSession } from './session-bridge.ts'
import { subjectFor, wantedSubject } from './subject.ts'

const { Check, Prompt, base } = interactionPolicy

/**
 * Prompts answered by our pages: choosing an account, and creating one (Initiating User Registration via
 * OpenID Connect).
 */
export const pagePrompts = ['select_account', 'create'] as const

/**
 * When the user must be asked again: the library's checks, and ours on the session and on the policy for this
 * client.
 */
export function createInteractionPolicy(engine: Engine, secrets: ProviderSecrets) {
  const policy = base()
  const login = policy.get('login')
  const consent = policy.get('consent')
  // These checks require the exact value; ours accept a higher one. The subject is checked below, also when
  // the request is resumed.
  for (const reason of ['essential_acrs', 'essential_acr', 'id_token_hint', 'claims_id_token_sub_value'])
    login?.checks.remove(reason)
  if (login)
    login.details = async (ctx) =>
      ({
        required_acr: requiredAcr(ctx),
        organisation_id: await organisationIdOf(engine, ctx),
      }) satisfies Wanted
  login?.checks.add(
    new Check(
      'session_ended',
      'the session has ended',
      'login_required',
      async (ctx) => !(await hasLiveSession(engine, ctx)),
    ),
  )
  login?.checks.add(
    new Check('another_subject', 'the request is for another account', 'login_required', (ctx) =>
      isAnother(secrets, ctx),
    ),
  )
  login?.checks.add(
    new Check(
      'more_evidence',
      'more evidence is required',
      'login_required',
      async (ctx) => !(await isEnoughFor(engine, ctx)),
    ),
  )
  // A first-party application needs no consent; any other native application could be an impostor (RFC 8252
  // §8.6).
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
  // A device flow always shows a page with the client and the code to compare (RFC 8628 §5.4).
  consent?.checks.add(
    new Check(
      'device',
      'a device is to be connected',
      'interaction_required',
      ({ oidc }) => isOfDevice(oidc.route) && !oidc.result?.consent,
    ),
  )
  policy.add(organisationPrompt(engine), policy.indexOf(consent as Consent))
  for (const name of pagePrompts) policy.add(new Prompt({ name, requestable: true }), 0)
  return policy
}

type Consent = NonNullable<ReturnType<ReturnType<typeof base>['get']>>

/** An account of several organisations chooses the one that the tokens are for. */
const organisationPrompt = (engine: Engine) =>
  new Prompt(
    { name: 'organization', requestable: false },
    async (ctx) => {
      const wanted = await wantedOrganisation(engine, ctx)
      const offered = wanted.state === 'open' ? wanted.offered : []
      return { organisations: offered.map(({ id, name }) => ({ id, name })) } satisfies Wanted
    },
    new Check('organization_open', 'an organization is to be chosen', 'interaction_required', async (ctx) => {
      const { state } = await wantedOrganisation(engine, ctx)
      if (state === 'refused') throw new errors.AccessDenied('the user is not in this organization')
      return state === 'open'
    }),
  )

async function organisationIdOf(engine: Engine, ctx: KoaContextWithOIDC): Promise<OrganisationId | null> {
  const wanted = await wantedOrganisation(engine, ctx)
  return wanted.state === 'chosen' ? wanted.organisation.id : null
}

const isOfDevice = (route: string | undefined): boolean =>
  route === 'code_verification' || route === 'device_resume'

/**
 * Whether the request names a user by an ID token or by `sub`, and another one is signed in (OIDC Core
 * §3.1.2.1). Throws if the user has signed in for this request as another account, against a loop.
 */
async function isAnother(secrets: ProviderSecrets, { oidc }: KoaContextWithOIDC): Promise<boolean> {
  const { session, client, params, claims, result } = oidc
  const wanted = wantedSubject({ hint: params?.id_token_hint, claims })
  if (wanted === undefined || !session?.accountId || !client) return false
  if (subjectFor(secrets, client as unknown as ProviderClient, session.accountId) === wanted) return false
  if (result?.login) throw new errors.LoginRequired('another account has signed in')
  return true
}

async function hasLiveSession(engine: Engine, ctx: KoaContextWithOIDC): Promise<boolean> {
  const { session } = ctx.oidc
  if (!session?.accountId) return true // the library's own check asks
  const own = await ownSession(engine, ctx)
  return own !== undefined && own.accountId === session.accountId
}

async function isEnoughFor(engine: Engine, ctx: KoaContextWithOIDC): Promise<boolean> {
  const { session, client } = ctx.oidc
  const own = session?.accountId && client ? await ownSession(engine, ctx) : undefined
  if (!own || !client) return true // reported by the other check
  return isSessionEnough(engine, own, {
    clientId: client.clientId,
    acr: requiredAcr(ctx),
    organisationId: await organisationIdOf(engine, ctx),
    now: engine.clock.now(),
  })
}

/** The prompt's details, for the pages. */
export interface Wanted {
  required_acr?: Assurance | null
  organisation_id?: OrganisationId | null
  organisations?: { id: OrganisationId; name: string }[]
  missingOIDCScope?: string[]
  missingOIDCClaims?: string[]
  missingResourceScopes?: Record<string, string[]>
}

/** The highest of the client's setting and this request. */
function requiredAcr({ oidc }: KoaContextWithOIDC): Assurance | null {
  const acrs = [
    leastOf(String(oidc.params?.acr_values ?? '').split(' ')),
    essentialAcr(oidc.claims.id_token?.acr),
    settingsOf(oidc.client).acr,
  ]
  return acrs.reduce(
    (most, acr) => (most === null || (acr !== null && isAtLeast(acr, most)) ? acr : most),
    null,
  )
}

/**
 * An essential acr must be reached, or the request fails (OIDC Core §5.5.1.1); unknown values fail at once.
 */
function essentialAcr(claim: unknown): Assurance | null {
  const { essential, value, values } = (claim ?? {}) as {
    essential?: boolean
    value?: unknown
    values?: unknown
  }
  const asked = [...(value === undefined ? [] : [value]), ...(Array.isArray(values) ? values : [])]
  if (!essential || asked.length === 0) return null
  const least = leastOf(asked)
  if (least === null)
    throw new errors.UnmetAuthenticationRequirements('none of the essential acr values is supported')
  return least
}

/** The lowest of several acceptable values (OIDC Core §3.1.2.1); a higher one satisfies it too. */
const leastOf = (values: readonly unknown[]): Assurance | null =>
  assurances.find((acr) => values.includes(acr)) ?? null
