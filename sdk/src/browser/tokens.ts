import { proofFor } from './proof.ts'
import { type Held, openVault, type Vault } from './vault.ts'

const renewBeforeMilliseconds = 30_000

export interface BrowserClientOptions {
  issuer: string
  /** Registered with `--auth none`. */
  clientId: string
  redirectUri: string
  scope?: string
  /** The API that the tokens are for (RFC 8707); the issuer by default. */
  resource?: string
}

/** The issuer's error (RFC 6749 §4.1.2.1, §5.2). */
export class SignInError extends Error {
  readonly code: string

  constructor(code: string, description: string | null) {
    super(description ?? code)
    this.name = 'SignInError'
    this.code = code
  }
}

interface Metadata {
  issuer: string
  authorization_endpoint: string
  token_endpoint: string
  end_session_endpoint: string
}

export interface Tokens {
  vault: Vault
  discover(): Promise<Metadata>
  /** Calls the token endpoint, and stores the tokens. Throws SignInError. */
  exchange(parameters: Record<string, string>): Promise<void>
  accessToken(): Promise<string | undefined>
}

/** One client's tokens in this browser, shared by all tabs. */
export async function openTokens({ issuer, clientId, resource }: BrowserClientOptions): Promise<Tokens> {
  const name = `${issuer}|${clientId}`
  const vault = await openVault(name)
  let metadata: Promise<Metadata> | undefined
  const discover = (): Promise<Metadata> => {
    metadata ??= load(issuer).catch((error) => {
      metadata = undefined
      throw error
    })
    return metadata
  }

  async function exchange(parameters: Record<string, string>): Promise<void> {
    const { token_endpoint: url } = await discover()
    const { key } = await vault.read()
    const response = await fetch(url, {
      method: 'POST',
      headers: { dpop: await proofFor(key, { method: 'POST', url }) },
      body: new URLSearchParams({
        client_id: clientId,
        ...(resource !== undefined && { resource }),
        ...parameters,
      }),
    })
    const body = await response.json()
    if (!response.ok) throw new SignInError(body.error ?? 'server_error', body.error_description ?? null)
    await vault.write({
      accessToken: body.access_token,
      refreshToken: body.refresh_token ?? null,
      expiresAt: Date.now() + body.expires_in * 1000,
      ...(body.id_token && { idToken: body.id_token }),
    })
  }

  /** The tab with the lock refreshes; the others read its tokens. */
  async function accessToken(): Promise<string | undefined> {
    const held = await vault.read()
    if (isFresh(held)) return held.accessToken ?? undefined
    if (held.refreshToken === null) return undefined
    return navigator.locks.request(`sumun-refresh|${name}`, async () => {
      const now = await vault.read()
      if (isFresh(now)) return now.accessToken ?? undefined
      if (now.refreshToken === null) return undefined
      try {
        await exchange({ grant_type: 'refresh_token', refresh_token: now.refreshToken })
      } catch (error) {
        if (!(error instanceof SignInError) || error.code !== 'invalid_grant') throw error
        await vault.clear()
        return undefined
      }
      return (await vault.read()).accessToken ?? undefined
    })
  }

  return { vault, discover, exchange, accessToken }
}

const isFresh = ({ accessToken, expiresAt }: Held): boolean =>
  accessToken !== null && expiresAt - renewBeforeMilliseconds > Date.now()

async function load(issuer: string): Promise<Metadata> {
  const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
  if (metadata.issuer !== issuer)
    throw new SignInError('issuer_mismatch', 'the discovery document is of another issuer')
  return metadata
}
