import { SignInError } from './tokens.ts'

/**
 * The answer to one step: done, with tokens (keep them in memory), or the methods that may be proved next.
 */
export type Step =
  | { status: 'done'; accessToken: string; expiresIn: number }
  | { status: 'more'; offers: string[] }

/** A sign-in attempt (`POST /v1/attempts`): prove with any offered method until it is done. */
export interface SignInAttempt {
  offers: string[]
  /** Asks a method for its challenge: sends a code, or gives what an authenticator must sign. */
  begin(method: string): Promise<Record<string, unknown>>
  /** Throws SignInError with the problem's code, such as `answer_refused`. */
  answer(method: string, answer: Record<string, unknown>): Promise<Step>
  /** A passkey of this or another device; the browser asks for it. */
  passkey(): Promise<Step>
}

const passkeyMethod = 'passkey'

/**
 * Signs in without leaving the page, over the attempts API; for pages of the server's own site, or of an
 * origin on its `SUMUN_CORS_ORIGINS`.
 */
export async function beginSignIn(given: {
  issuer: string
  loginHint?: string
  acr?: string
}): Promise<SignInAttempt> {
  const { issuer, loginHint, acr } = given

  async function post(path: string, body: unknown): Promise<Record<string, unknown>> {
    const reply = await fetch(issuer + path, {
      method: 'POST',
      credentials: 'include',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const said = (await reply.json()) as Record<string, unknown>
    if (!reply.ok)
      throw new SignInError(
        String(said.code ?? 'server_error'),
        typeof said.detail === 'string' ? said.detail : null,
      )
    return said
  }

  const wishes = {
    ...(loginHint !== undefined && { login_hint: loginHint }),
    ...(acr !== undefined && { acr }),
  }
  const begun = await post('/v1/attempts', { purpose: 'sign-in', ...wishes })
  const path = `/v1/attempts/${begun.id}`
  const begin = async (method: string) =>
    (await post(`${path}/${method}`, {})).challenge as Record<string, unknown>
  const answer = async (method: string, given: Record<string, unknown>) =>
    stepOf(await post(`${path}/${method}/answer`, given))

  return {
    offers: methodsOf(begun.offers),
    begin,
    answer,
    async passkey() {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
        (await begin(passkeyMethod)) as unknown as PublicKeyCredentialRequestOptionsJSON,
      )
      const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential | null
      if (!credential) throw new SignInError('answer_refused', 'nothing was chosen')
      return answer(passkeyMethod, { ...credential.toJSON() })
    },
  }
}

const methodsOf = (offers: unknown): string[] => (offers as { method: string }[]).map(({ method }) => method)

const stepOf = (said: Record<string, unknown>): Step =>
  said.status === 'done'
    ? { status: 'done', accessToken: String(said.access_token), expiresIn: Number(said.expires_in) }
    : { status: 'more', offers: methodsOf(said.offers) }
