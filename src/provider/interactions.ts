import type { IncomingMessage } from 'node:http'
import type { Provider } from 'oidc-provider'
import { hashSecret } from '../crypto/equal.ts'
import type { ProviderSecrets } from '../crypto/provider-secrets.ts'
import type { Brand } from '../domain/brand.ts'
import type { ConsentScope } from '../domain/grant.ts'
import type { AccountId } from '../domain/id.ts'
import type { Exchange, Interaction, InteractionDesk } from '../engine/clients/openid-provider.ts'
import type { Engine } from '../engine/engine.ts'
import { organisationNamed } from '../engine/organisations/organisations.ts'
import { askedLocale } from '../words/locale.ts'
import { allow, union } from './grants.ts'
import type { Wanted } from './interaction-policy.ts'
import { organisationParameter } from './organisation.ts'
import { textOf } from './parameter.ts'
import { type ProviderClient, settingsOf } from './provider-client.ts'
import { subjectFor, wantedSubject } from './subject.ts'

const clockSlackMilliseconds = 1000 // for an interaction that begins in the same second as the proof
const provesAnew = new Set(['login_prompt', 'max_age'])

const refusals = {
  access_denied: 'the user refused',
  unmet_authentication_requirements: 'the account cannot reach the requested assurance',
  login_required: 'another account has signed in',
} as const

type Details = Awaited<ReturnType<Provider['interactionDetails']>>

/** Read and unsealed once a request. */
const read = new WeakMap<IncomingMessage, Promise<Details>>()

export function openInteractionDesk(
  engine: Engine,
  { current, secrets }: { current: () => Promise<Provider>; secrets: ProviderSecrets },
): InteractionDesk {
  function details({ request, response }: Exchange): Promise<Details> {
    const found =
      read.get(request) ?? current().then((provider) => provider.interactionDetails(request, response))
    read.set(request, found)
    return found
  }

  async function describe(found: Details): Promise<Interaction | undefined> {
    const artifact = await engine.store.artifacts.find({ kind: 'Interaction', idHash: hashSecret(found.uid) })
    const client = await (await current()).Client.find(String(found.params.client_id))
    if (!artifact || !client) return undefined
    const { prompt, params, deviceCode } = found
    const device = deviceCode === undefined ? undefined : await (await current()).DeviceCode.find(deviceCode)
    const subject = wantedSubject({ hint: params.id_token_hint, claims: claimsParameter(params.claims) })
    return {
      uid: found.uid,
      prompt: prompt.name as Interaction['prompt'],
      clientId: client.clientId,
      clientName: client.clientName ?? client.clientId,
      host: deviceCode === undefined ? hostOf(String(params.redirect_uri ?? '')) : null,
      userCode: device?.userCode === undefined ? null : shownCode(device.userCode),
      isAnother: (accountId) =>
        subject !== undefined &&
        subjectFor(secrets, client as unknown as ProviderClient, accountId) !== subject,
      ...wantedOf(prompt.details as unknown as Wanted),
      ...{ loginHint: textOf(params.login_hint), connection: textOf(params.connection) },
      locale: askedLocale(params.ui_locales) ?? null,
      brand:
        (await brandOf(engine, textOf(params[organisationParameter]))) ?? settingsOf(client).brand ?? null,
      provedSince: prompt.reasons.some((reason) => provesAnew.has(reason))
        ? artifact.createdAt - clockSlackMilliseconds
        : null,
      refusedSession: (found.lastSubmission as { session?: string } | undefined)?.session ?? null,
    }
  }

  return {
    async interaction(exchange) {
      const { errors } = await import('oidc-provider')
      const found = await details(exchange).catch((error: unknown) => {
        if (error instanceof errors.SessionNotFound) return undefined
        throw error
      })
      if (!found) return undefined
      return describe(found)
    },

    async peek(uid) {
      const found = uid === null ? undefined : await (await current()).Interaction.find(uid)
      return found && describe(found as unknown as Details)
    },

    async finishSignIn(exchange, session, { prompt }) {
      const found = await details(exchange)
      const login = {
        accountId: session.accountId,
        acr: session.acr,
        amr: session.amr,
        ts: Math.floor(session.authenticatedAt / 1000),
      }
      // With another account than at the start, the library would sign out the first one.
      if (found.session?.uid !== session.id) delete found.session
      const answered = prompt === 'select_account' || prompt === 'create' ? { [prompt]: {} } : {}
      return finish(found, { ...found.lastSubmission, ...answered, login, session: session.id })
    },

    async finishOrganisation(exchange, organisationId) {
      const found = await details(exchange)
      return finish(found, { ...found.lastSubmission, organization: organisationId })
    },

    async finishConsent(exchange, { wanted }) {
      const provider = await current()
      const found = await details(exchange)
      const { grantId, session, params } = found
      const grant = grantId === undefined ? undefined : await provider.Grant.find(grantId)
      if (!grant || !session?.accountId) throw new Error('a consent without a grant')
      allow(grant, wanted)
      await rememberConsent(engine, {
        accountId: session.accountId as AccountId,
        clientId: String(params.client_id),
        wanted,
      })
      return finish(found, { ...found.lastSubmission, consent: { grantId: await grant.save() } })
    },

    async refuse(exchange, error) {
      return finish(await details(exchange), { error, error_description: refusals[error] })
    },
  }
}

/** What the prompt is about. */
const wantedOf = (
  details: Wanted,
): Pick<Interaction, 'acr' | 'organisationId' | 'organisations' | 'wanted'> => ({
  acr: details.required_acr ?? null,
  organisationId: details.organisation_id ?? null,
  organisations: details.organisations ?? [],
  wanted: {
    scopes: details.missingOIDCScope ?? [],
    claims: details.missingOIDCClaims ?? [],
    resources: details.missingResourceScopes ?? {},
  },
})

/** Stores the page's result. Returns the URL where the library continues. */
async function finish(interaction: Details, result: NonNullable<Details['result']>): Promise<string> {
  interaction.result = result
  await interaction.persist()
  return interaction.returnTo
}

/** As the device shows it; stored without the dash. */
const shownCode = (code: string): string => code.replace(/^(.{4})(?=.)/, '$1-')

async function rememberConsent(
  engine: Engine,
  given: { accountId: AccountId; clientId: string; wanted: ConsentScope },
): Promise<void> {
  const { accountId, clientId, wanted } = given
  const former = await engine.store.consents.find({ accountId, clientId })
  const granted = former ? union(former.granted, wanted) : wanted
  await engine.store.transaction(async (tx) => {
    await tx.consents.put({ accountId, clientId, granted, now: engine.clock.now() })
    const details = { client: clientId, scopes: wanted.scopes.join(' ') }
    await engine.audit.record(tx, { kind: 'consent.given', actor: accountId, subject: accountId, details })
  })
}

function claimsParameter(parameter: unknown): unknown {
  try {
    return typeof parameter === 'string' ? JSON.parse(parameter) : undefined
  } catch {
    return undefined // the library has refused it
  }
}

function hostOf(redirectUri: string): string {
  const url = URL.parse(redirectUri)
  if (!url) return ''
  return url.host === '' ? url.protocol : url.host
}

/** Of the organisation that the request names; undefined if it has none. */
async function brandOf(engine: Engine, named: string | null): Promise<Brand | undefined> {
  const organisation = named === null ? undefined : await organisationNamed(engine, named)
  return organisation?.state === 'active' ? (organisation.brand ?? undefined) : undefined
}
