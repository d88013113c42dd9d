/** As much of a client as the examples beside this file need. */
export const server = process.argv[2] ?? 'http://localhost:8000'

// biome-ignore lint/suspicious/noExplicitAny: an example reads what it needs
type Json = any

/** Calls the server; throws what it answers where it refuses. */
export async function call(path: string, body?: unknown, token?: string): Promise<Json> {
  const response = await fetch(server + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

export const password = 'copper lantern under the pier'

/** A new account with a password, signed in. */
export async function signUp(
  details: Record<string, string> = {},
): Promise<{ email: string; token: string }> {
  const email = `example-${Date.now()}-${process.pid}@example.com`
  const { access_token: token } = await call('/v1/accounts', { email, password, ...details })
  return { email, token }
}

/** Sets a method up: asks what it takes, and answers. */
export async function setUp(
  method: string,
  token: string,
  answer: (challenge: Json) => unknown,
): Promise<Json> {
  const { challenge } = await call(`/v1/me/credentials/${method}`, {}, token)
  return call(`/v1/me/credentials/${method}/answer`, await answer(challenge), token)
}

/** Begins an attempt. */
export const begin = async (name?: string, more: Record<string, unknown> = {}): Promise<string> =>
  (await call('/v1/attempts', { purpose: 'sign-in', ...(name && { login_hint: name }), ...more })).id

/** Asks one method for its challenge, and answers it. */
export async function prove(
  attempt: string,
  method: string,
  answer: (challenge: Json) => unknown,
  asked: Record<string, string> = {},
): Promise<Json> {
  const { challenge } = await call(`/v1/attempts/${attempt}/${method}`, asked)
  return call(`/v1/attempts/${attempt}/${method}/answer`, await answer(challenge))
}

/** What a token says. A service checks its signature before it believes it: docs/verify-tokens.md. */
export function show({ access_token: token }: { access_token: string }): void {
  const { acr, amr } = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
  console.log(`signed in: acr ${acr}, amr ${amr.join(' ')}`)
}
