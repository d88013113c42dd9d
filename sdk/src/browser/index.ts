import { randomText, sha256 } from './encoding.ts'
import { proofFor } from './proof.ts'
import { type BrowserClientOptions, openTokens, SignInError } from './tokens.ts'

export { beginSignIn, type SignInAttempt, type Step } from './attempts.ts'
export { type BrowserClientOptions, SignInError } from './tokens.ts'

export interface SignInWishes {
  /** A URL of this application; the current page by default. */
  returnTo?: string
  /** Requirements of an API (RFC 9470). */
  acr?: string
  maxAge?: number
  loginHint?: string
  /** The slug of a connection, for a button of one's own: the user goes straight to that provider. */
  connection?: string
}

export interface BrowserClient {
  /** Leaves the page; returns to `redirectUri`. */
  signIn(wishes?: SignInWishes): Promise<never>
  /**
   * On the page of `redirectUri`: completes a sign-in and removes its parameters from the URL. True if there
   * was one. Throws SignInError.
   */
  finishSignIn(): Promise<{ returnTo: string } | undefined>
  /** Undefined if no one is signed in. All tabs share one refresh. */
  accessToken(): Promise<string | undefined>
  /** `fetch` with the token and a proof of possession. */
  fetch(input: string | URL, init?: RequestInit): Promise<Response>
  /** The signed-in user, from the ID token. */
  user(): Promise<Record<string, unknown> | undefined>
  /** Leaves the page; ends the session at the issuer. */
  signOut(postLogoutRedirectUri?: string): Promise<never>
}

/**
 * Sign-in from a browser application: code flow with PKCE, tokens bound to a non-extractable key, nothing in
 * localStorage or sessionStorage.
 */
export async function createBrowserClient(options: BrowserClientOptions): Promise<BrowserClient> {
  const { issuer, clientId, redirectUri, resource, scope = 'openid offline_access' } = options
  const { vault, discover, exchange, accessToken } = await openTokens(options)

  return {
    accessToken,

    async signIn({ returnTo = location.href, acr, maxAge, loginHint, connection } = {}) {
      const pending = { state: randomText(), nonce: randomText(), verifier: randomText(), returnTo }
      await vault.write({ pending })
      const url = new URL((await discover()).authorization_endpoint)
      url.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await sha256(pending.verifier),
        code_challenge_method: 'S256',
        ...(resource !== undefined && { resource }),
        ...(acr !== undefined && { acr_values: acr }),
        ...(maxAge !== undefined && { max_age: String(maxAge) }),
        ...(loginHint !== undefined && { login_hint: loginHint }),
        ...(connection !== undefined && { connection }),
      }).toString()
      location.assign(url)
      return new Promise<never>(() => undefined)
    },

    async finishSignIn() {
      const answer = new URLSearchParams(location.search)
      const { pending } = await vault.read()
      if (!answer.has('state') || !pending) return undefined
      history.replaceState(null, '', location.pathname)
      await vault.write({ pending: null })
      if (answer.get('state') !== pending.state)
        throw new SignInError('state_mismatch', 'the response belongs to another request')
      if (answer.get('iss') !== issuer)
        throw new SignInError('issuer_mismatch', 'the response comes from another issuer') // RFC 9207 §2.4
      const error = answer.get('error')
      if (error !== null) throw new SignInError(error, answer.get('error_description'))
      const parameters = {
        code: answer.get('code') ?? '',
        redirect_uri: redirectUri,
        code_verifier: pending.verifier,
      }
      await exchange({ grant_type: 'authorization_code', ...parameters })
      const { idToken } = await vault.read()
      if (claimsOf(idToken)?.nonce !== pending.nonce) {
        await vault.clear()
        throw new SignInError('nonce_mismatch', 'the ID token is for another request')
      }
      return { returnTo: pending.returnTo }
    },

    async fetch(input, init = {}) {
      const token = await accessToken()
      const url = new URL(input, location.href).href
      const headers = new Headers(init.headers)
      if (token !== undefined) {
        headers.set('authorization', `DPoP ${token}`)
        headers.set(
          'dpop',
          await proofFor((await vault.read()).key, { method: init.method ?? 'GET', url, token }),
        )
      }
      return fetch(url, { ...init, headers })
    },

    user: async () => claimsOf((await vault.read()).idToken),

    async signOut(postLogoutRedirectUri) {
      const { idToken } = await vault.read()
      await vault.clear()
      const url = new URL((await discover()).end_session_endpoint)
      url.search = new URLSearchParams({
        client_id: clientId,
        ...(idToken !== null && { id_token_hint: idToken }),
        ...(postLogoutRedirectUri !== undefined && { post_logout_redirect_uri: postLogoutRedirectUri }),
      }).toString()
      location.assign(url)
      return new Promise<never>(() => undefined)
    },
  }
}

/** Received directly from the issuer over TLS, so its signature need not be verified (OIDC Core §3.1.3.7). */
function claimsOf(idToken: string | null): Record<string, unknown> | undefined {
  const payload = idToken?.split('.')[1]
  if (payload === undefined) return undefined
  return JSON.parse(
    new TextDecoder().decode(
      Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0)),
    ),
  )
}
