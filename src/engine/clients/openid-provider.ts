import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Assurance } from '../../domain/assurance.ts'
import type { Brand } from '../../domain/brand.ts'
import type { ConsentScope } from '../../domain/grant.ts'
import type { AccountId } from '../../domain/id.ts'
import type { Locale } from '../../domain/locale.ts'
import type { Session } from '../../domain/session.ts'
import type { ClientCheck } from './clients.ts'

/** One request and its reply, as Node has them. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
}

/** What an application's request waits for. */
export interface Interaction {
  uid: string
  prompt: 'login' | 'consent' | 'select_account' | 'create'
  clientId: string
  clientName: string
  /** Where the answer goes: a site, or an application's own scheme; null for a device, which fetches it. */
  host: string | null
  /** What the device shows, where it is one. */
  userCode: string | null
  loginHint: string | null
  /** What the application asked its pages to be in; null where it left that to the browser. */
  locale: Locale | null
  acr: Assurance | null
  brand: Brand | null
  /** What was proved before this moment does not count; null where it does. In milliseconds. */
  provedSince: number | null
  /** Whether this account may not be the one that is meant. */
  isAnother(accountId: AccountId): boolean
  /** The session that was offered before and was not enough. */
  refusedSession: string | null
  wanted: ConsentScope
}

/** Where pages take over from the library, and hand back. */
export interface InteractionDesk {
  /** The interaction of this browser's cookie; undefined where there is none, or it has ended. */
  interaction(exchange: Exchange): Promise<Interaction | undefined>
  /** The public part of an interaction: what its page shows. */
  peek(
    uid: string | null,
  ): Promise<
    Pick<Interaction, 'clientId' | 'clientName' | 'loginHint' | 'locale' | 'acr' | 'brand'> | undefined
  >
  /** Each returns the address to redirect the browser to. */
  finishSignIn(
    exchange: Exchange,
    session: Session,
    interaction: Pick<Interaction, 'prompt'>,
  ): Promise<string>
  finishConsent(exchange: Exchange, interaction: Interaction): Promise<string>
  refuse(
    exchange: Exchange,
    error: 'access_denied' | 'unmet_authentication_requirements' | 'login_required',
  ): Promise<string>
}

/**
 * The OpenID provider, as the rest of the house sees it. The library is loaded with the first call: who needs
 * no provider does not carry it.
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
  /** Where it answers, and to which methods; null where it does not. */
  methodsAt(path: string): readonly string[] | null
  /**
   * Where a browser may post what it could as well ask for: such a post from another site comes without our
   * cookies.
   */
  isAskedByBrowser(path: string): boolean
  checkClient: ClientCheck
  /**
   * Tells the clients of ended sessions (OIDC Back-Channel Logout). Returns when those that were due have
   * been tried.
   */
  tellClients(): Promise<void>
  /** A token that registers one client (RFC 7591 §3). */
  offerRegistration(actor: string): Promise<string>
}
