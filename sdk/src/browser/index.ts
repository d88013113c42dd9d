import { randomText, sha256 } from './encoding.ts'
import { proofFor } from './proof.ts'
import { type BrowserClientOptions, openTokens, SignInError } from './tokens.ts'

export { beginSignIn, type SignInAttempt, type Step } from './attempts.ts'
export { type BrowserClientOptions, SignInError } from './tokens.ts'

export interface BrowserClient {
  /** Leaves the page; comes back to `redirectUri`. `acr` and `maxAge`: what an API asked for (RFC 9470). */
  signIn(wishes?: { returnTo?: string; acr?: string; maxAge?: number; loginHint?: string }): Promise<never>
  /**
   * On the page of `redirectUri`: true where a sign-in has come back and is done; the address is clean
   * afterwards. Throws SignInError.
   */
  finishSignIn(): Promise<{ returnTo: string } | undefined>
  /** Undefined where nobody is signed in. One refresh for all tabs at once. */
  accessToken(): Promise<string | undefined>
  /** `fetch` with the token and a proof of possession. */
  fetch(input: string | URL, init?: RequestInit): Promise<Response>
  /** Who is signed in, by the ID token. */
  user(): Promise<Record<string, unknown> | undefined>
  /** Leaves the page; ends the session at the issuer. */
  signOut(postLogoutRedirectUri?: string): Promise<never>
}

/**
 * Signs people in from a page: code flow with PKCE, tokens bound to a key that scripts cannot read out,
 * nothing in localStorage or sessionStorage.
 */
export async function createBrowserClient(options: BrowserClientOptions): Promise<BrowserClient> {
  const { issuer, clientId, redirectUri, resource, scope = 'openid offline_access' } = options
  const { vault, discover, exchange, accessToken } = await openTokens(options)

  return {
    accessToken,

    async signIn({ returnTo = location.href, acr, maxAge, loginHint } = {}) {
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
        throw new SignInError('state_mismatch', 'the answer is to another request')
      if (answer.get('iss') !== issuer)
        throw new SignInError('issuer_mismatch', 'the answer is from another issuer') // RFC 9207 §2.4
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

/** It came from the issuer itself, over TLS, in answer to our own call (OIDC Core §3.1.3.7). */
function claimsOf(idToken: string | null): Record<string, unknown> | undefined {
  const payload = idToken?.split('.')[1]
  if (payload === undefined) return undefined
  return JSON.parse(
    new TextDecoder().decode(
      Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0)),
    ),
  )
}
