import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Assurance } from '../../domain/assurance.ts'
import type { Brand } from '../../domain/brand.ts'
import type { ConsentScope } from '../../domain/grant.ts'
import type { AccountId, OrganisationId } from '../../domain/id.ts'
import type { Locale } from '../../domain/locale.ts'
import type { Session } from '../../domain/session.ts'
import type { ClientCheck } from './clients.ts'

/** One request and its reply, as Node has them. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
}

/** A pending authorization request, as its page sees it. */
export interface Interaction {
  uid: string
  prompt: 'login' | 'consent' | 'select_account' | 'create' | 'organization'
  clientId: string
  clientName: string
  /** The host or scheme of the redirect URI; null for a device. */
  host: string | null
  /** The user code of a device; null otherwise. */
  userCode: string | null
  loginHint: string | null
  /** The upstream provider that the application's own button names, by the slug of its connection. */
  connection: string | null
  /** What the application asked its pages to be in; null if it left that to the browser. */
  locale: Locale | null
  acr: Assurance | null
  /** The organisation that the request is for. */
  organisationId: OrganisationId | null
  /** Of the prompt `organization`: those that the user chooses from. */
  organisations: readonly { id: OrganisationId; name: string }[]
  brand: Brand | null
  /** Evidence from before this moment does not count; null: all counts. In milliseconds. */
  provedSince: number | null
  /** Whether the request names another account than this one. */
  isAnother(accountId: AccountId): boolean
  /** The session that was offered before and was not enough. */
  refusedSession: string | null
  wanted: ConsentScope
}

/** Where pages take over from the library, and return to it. */
export interface InteractionDesk {
  /** The interaction of this browser's cookie; undefined if there is none, or it has ended. */
  interaction(exchange: Exchange): Promise<Interaction | undefined>
  /** The public part of an interaction: what its page shows. */
  peek(
    uid: string | null,
  ): Promise<
    | Pick<Interaction, 'clientId' | 'clientName' | 'loginHint' | 'locale' | 'acr' | 'brand' | 'provedSince'>
    | undefined
  >
  /** Each returns the address to redirect the browser to. */
  finishSignIn(
    exchange: Exchange,
    session: Session,
    interaction: Pick<Interaction, 'prompt'>,
  ): Promise<string>
  finishOrganisation(exchange: Exchange, organisationId: OrganisationId): Promise<string>
  finishConsent(exchange: Exchange, interaction: Interaction): Promise<string>
  refuse(
    exchange: Exchange,
    error: 'access_denied' | 'unmet_authentication_requirements' | 'login_required',
  ): Promise<string>
}

/**
 * The OpenID provider, as seen by the other layers. The library is loaded with the first call, so that
 * installations without clients do not load it.
 */
export interface OpenIdProvider extends InteractionDesk {
  /**
   * Answers one request, whole. `source`: the address it came from. `requestId`: sent with the reply. `body`:
   * as it was sent.
   */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    given: { source: string; requestId: string; body: string | undefined },
  ): Promise<void>
  /** The HTTP methods of a path; null for an unknown path. */
  methodsAt(path: string): readonly string[] | null
  /**
   * Endpoints to which a browser may POST what it could also GET: a cross-site POST comes without our
   * cookies.
   */
  isAskedByBrowser(path: string): boolean
  checkClient: ClientCheck
  /**
   * Sends logout tokens to the clients of ended sessions (OIDC Back-Channel Logout). Settles when all that
   * were due have been tried.
   */
  tellClients(): Promise<void>
  /** A token that registers one client (RFC 7591 §3). */
  offerRegistration(actor: string): Promise<string>
}
