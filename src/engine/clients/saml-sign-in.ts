import { hashSecret } from '../../crypto/equal.ts'
import { type AccountWithIdentifiers, verifiedIdentifier } from '../../domain/account.ts'
import { UpstreamFault } from '../../domain/connection.ts'
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

/** The response for a user who has signed in. Undefined if it takes a verified address, and there is none. */
export async function answerSamlRequest(
  engine: SamlNeeds,
  given: {
    application: SamlApplication
    request: SamlRequest
    account: AccountWithIdentifiers
    session: Session
  },
): Promise<SamlPost | undefined> {
  const { application, request, account, session } = given
  const call = samlCallOf(engine, application)
  const nameId = nameIdOf(engine, call, account)
  if (nameId === undefined) return undefined
  const attributes = Object.entries(application.attributes).flatMap(([name, source]) => {
    const value = saidBy(account, source)
    return value === undefined ? [] : [{ name, value }]
  })
  const post = await engine.federation.identityProvider.respond(call, request, {
    ...{ nameId, attributes, sessionIndex: sessionIndexOf(application, session) },
    ...{ authenticatedAt: session.authenticatedAt, acr: session.acr },
  })
  await engine.store.transaction((tx) =>
    engine.audit.record(tx, {
      ...{ kind: 'saml_application.entered', actor: account.id, subject: account.id },
      details: { application: application.slug, session: session.id },
    }),
  )
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
 * A request to sign out: whether it names this account, and where the browser returns. Throws
 * `malformed_request`.
 */
export async function receiveSamlLogout(
  engine: SamlNeeds,
  given: { application: SamlApplication; message: SamlMessage; account: AccountWithIdentifiers | undefined },
): Promise<{ isNamed: boolean; location: string | null }> {
  const { application, message, account } = given
  const call = samlCallOf(engine, application)
  const { nameId, location } = await engine.federation.identityProvider
    .readLogout(call, message)
    .catch(asMalformed)
  const isNamed = account !== undefined && nameIdOf(engine, call, account) === nameId
  return { isNamed, location }
}

/** This server as an identity provider, for the application (XML). */
export const describeToApplication = (engine: SamlNeeds, application: SamlApplication): Promise<string> =>
  engine.federation.identityProvider.describe(samlCallOf(engine, application))

const nameIdOf = (engine: SamlNeeds, call: SamlCall, account: AccountWithIdentifiers): string | undefined =>
  call.application.nameIdFormat === 'email'
    ? verifiedIdentifier(account, 'email')?.value
    : engine.federation.identityProvider.persistentName(call, account.id)

/** Another one for each application: two of them cannot tell that a user is the same. */
const sessionIndexOf = ({ id }: SamlApplication, session: Session): string =>
  `_${hashSecret(`saml-session ${id} ${session.id}`)}`

function saidBy(account: AccountWithIdentifiers, source: AttributeSource): string | undefined {
  const username = account.identifiers.find(({ kind }) => kind === 'username')?.display
  const values: Record<AttributeSource, string | undefined> = {
    id: account.id,
    // An unverified one could be that of another user there.
    email: verifiedIdentifier(account, 'email')?.value,
    phone: verifiedIdentifier(account, 'phone')?.value,
    username,
    name: account.name ?? username,
    locale: account.locale,
  }
  return values[source]
}

function asMalformed(error: unknown): never {
  if (!(error instanceof UpstreamFault)) throw error
  throw new Problem('malformed_request', { detail: error.message, cause: error })
}
