import { hashSecret } from '../../crypto/equal.ts'
import { type AccountWithIdentifiers, verifiedIdentifier } from '../../domain/account.ts'
import { UpstreamFault } from '../../domain/connection.ts'
import type { AccountId } from '../../domain/id.ts'
import type { Membership } from '../../domain/organisation.ts'
import { Problem } from '../../domain/problem.ts'
import type {
  AttributeSource,
  SamlApplication,
  SamlCall,
  SamlMessage,
  SamlPost,
  SamlRefusal,
  SamlRequest,
} from '../../domain/saml-application.ts'
import type { Session } from '../../domain/session.ts'
import { type SamlNeeds, samlCallOf } from './saml-applications.ts'

const requestMilliseconds = 900_000

/** A checked request while its user signs in. It is kept by the browser, sealed: a stranger causes no row. */
export interface PendingRequest extends SamlRequest {
  /** When it came; milliseconds since the epoch. */
  at: number
}

const pendingBinding = ({ id }: Pick<SamlApplication, 'id'>): string => `saml-request/${id}`

/** The token of a request that an application sent. Throws `malformed_request`. */
export async function receiveSamlRequest(
  engine: SamlNeeds,
  { application, message }: { application: SamlApplication; message: SamlMessage },
): Promise<string> {
  const call = samlCallOf(engine, application)
  const request = await engine.federation.identityProvider.readRequest(call, message).catch(asMalformed)
  return pendingToken(engine, application, request)
}

/** The token of a sign-in that begins here. Throws `not_found` unless the application takes those. */
export function beginSamlSignIn(engine: SamlNeeds, application: SamlApplication): string {
  if (!application.unsolicited) throw new Problem('not_found')
  const acsUrl = application.acsUrls[0] as string
  const request = { id: null, acsUrl, relayState: null, isForced: false, isPassive: false, acr: null }
  return pendingToken(engine, application, request)
}

function pendingToken(engine: SamlNeeds, application: SamlApplication, request: SamlRequest): string {
  const pending: PendingRequest = { ...request, at: engine.clock.now() }
  return engine.sealer.seal(JSON.stringify(pending), pendingBinding(application))
}

/** Undefined if it is over, or was sealed for another application. */
export function openSamlRequest(
  engine: SamlNeeds,
  { application, token }: { application: SamlApplication; token: string },
): PendingRequest | undefined {
  try {
    const opened = engine.sealer.open(token, pendingBinding(application))
    const pending = JSON.parse(opened) as PendingRequest
    const isOpen = engine.clock.now() - pending.at < requestMilliseconds
    // The application may have another address meanwhile.
    return isOpen && application.acsUrls.includes(pending.acsUrl) ? pending : undefined
  } catch {
    return undefined
  }
}

/**
 * The membership that an application of an organisation asks for: null if anyone may use it, undefined if the
 * account is no member, or the organisation is disabled.
 */
export async function membershipFor(
  { store }: Pick<SamlNeeds, 'store'>,
  { organisationId }: SamlApplication,
  accountId: AccountId,
): Promise<Membership | null | undefined> {
  if (organisationId === null) return null
  const organisation = await store.organisations.find(organisationId)
  return organisation?.state === 'active' ? store.memberships.find({ organisationId, accountId }) : undefined
}

/** The response for a user who has signed in. Undefined if it takes a verified address, and there is none. */
export async function answerSamlRequest(
  engine: SamlNeeds,
  given: {
    application: SamlApplication
    request: SamlRequest
    account: AccountWithIdentifiers
    session: Session
    membership: Membership | null
  },
): Promise<SamlPost | undefined> {
  const { application, request, account, session, membership } = given
  const call = samlCallOf(engine, application)
  const nameId = nameIdOf(engine, call, account)
  if (nameId === undefined) return undefined
  const attributes = Object.entries(application.attributes).flatMap(([name, source]) => {
    const values = saidBy(account, membership, source)
    return values.length === 0 ? [] : [{ name, values }]
  })
  const post = await engine.federation.identityProvider.respond(call, request, {
    ...{ nameId, attributes, sessionIndex: sessionIndexOf(application, session) },
    ...{ authenticatedAt: session.authenticatedAt, acr: session.acr },
  })
  await engine.store.transaction(async (tx) => {
    await tx.samlParticipants.put({ sessionId: session.id, applicationId: application.id, nameId })
    await engine.audit.record(tx, {
      ...{ kind: 'saml_application.entered', actor: account.id, subject: account.id },
      details: { application: application.slug, session: session.id },
    })
  })
  return post
}

/** The response that there is no sign-in. */
export const refuseSamlRequest = (
  engine: SamlNeeds,
  given: { application: SamlApplication; request: SamlRequest; refusal: SamlRefusal },
): Promise<SamlPost> => {
  const { application, request, refusal } = given
  return engine.federation.identityProvider.respond(samlCallOf(engine, application), request, { refusal })
}

/**
 * A request to sign out: whether it names this account, and where the browser returns; null if the
 * application has no address for that. Throws `malformed_request`.
 */
export async function receiveSamlLogout(
  engine: SamlNeeds,
  given: { application: SamlApplication; message: SamlMessage; account: AccountWithIdentifiers | undefined },
): Promise<{ isNamed: boolean; location: string | null }> {
  const { application, message, account } = given
  const call = samlCallOf(engine, application)
  const { identityProvider } = engine.federation
  const logout = await identityProvider.readLogout(call, message).catch(asMalformed)
  const isNamed = account !== undefined && nameIdOf(engine, call, account) === logout.nameId
  return { isNamed, location: await identityProvider.answerLogout(call, logout) }
}

/** This server as an identity provider, for the application (XML). */
export const describeToApplication = (engine: SamlNeeds, application: SamlApplication): Promise<string> =>
  engine.federation.identityProvider.describe(samlCallOf(engine, application))

const nameIdOf = (engine: SamlNeeds, call: SamlCall, account: AccountWithIdentifiers): string | undefined =>
  call.application.nameIdFormat === 'email'
    ? verifiedIdentifier(account, 'email')?.value
    : engine.federation.identityProvider.persistentName(call, account.id)

/** Another one for each application: two of them cannot tell that a user is the same. */
export const sessionIndexOf = ({ id }: Pick<SamlApplication, 'id'>, session: Pick<Session, 'id'>): string =>
  `_${hashSecret(`saml-session ${id} ${session.id}`)}`

function saidBy(
  account: AccountWithIdentifiers,
  membership: Membership | null,
  source: AttributeSource,
): readonly string[] {
  if (source === 'org_roles') return membership?.roles ?? []
  const username = account.identifiers.find(({ kind }) => kind === 'username')?.display
  const values: Record<Exclude<AttributeSource, 'org_roles'>, string | undefined> = {
    id: account.id,
    // An unverified one could be that of another user there.
    email: verifiedIdentifier(account, 'email')?.value,
    phone: verifiedIdentifier(account, 'phone')?.value,
    username,
    name: account.name ?? username,
    locale: account.locale,
    org_id: membership?.organisationId,
  }
  const value = values[source]
  return value === undefined ? [] : [value]
}

function asMalformed(error: unknown): never {
  if (!(error instanceof UpstreamFault)) throw error
  throw new Problem('malformed_request', { detail: error.message, cause: error })
}
