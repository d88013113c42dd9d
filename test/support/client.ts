import { randomBytes } from 'node:crypto'

export interface Call {
  json?: unknown
  form?: Record<string, string>
  /** As it is, with a content type of the caller's. */
  raw?: string | Uint8Array
  token?: string
  headers?: Record<string, string>
}

export interface Reply {
  status: number
  headers: Headers
  /** Parsed where it is JSON; otherwise the text. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
  body: any
}

export interface SignedInUser {
  email: string
  password: string
  accountId: string
  accessToken: string
  refreshToken: string
}

export interface Client {
  call(method: string, path: string, call?: Call): Promise<Reply>
  get(path: string, call?: Call): Promise<Reply>
  post(path: string, call?: Call): Promise<Reply>
  /** A signed-up user with default details. */
  user(
    details?: Partial<{ email: string; username: string; password: string; name: string }>,
  ): Promise<SignedInUser>
}

export const goodPassword = 'copper lantern under the pier'

/** Speaks HTTP to a server, as any program would. */
export function createClient(url: string): Client {
  async function call(
    method: string,
    path: string,
    { json, form, raw, token, headers = {} }: Call = {},
  ): Promise<Reply> {
    const body =
      raw ??
      (json !== undefined ? JSON.stringify(json) : form ? new URLSearchParams(form).toString() : undefined)
    const type =
      json !== undefined ? 'application/json' : form ? 'application/x-www-form-urlencoded' : undefined
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(type && { 'content-type': type }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: body as string }),
    })
    const text = await response.text()
    const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
  const post = (path: string, options?: Call) => call('POST', path, options)
  return {
    call,
    post,
    get: (path, options) => call('GET', path, options),
    async user({
      email = `${randomBytes(6).toString('hex')}@example.com`,
      password = goodPassword,
      ...rest
    } = {}) {
      const reply = await post('/v1/accounts', { json: { email, password, ...rest } })
      if (reply.status !== 201)
        throw new Error(`signing up answered ${reply.status}: ${JSON.stringify(reply.body)}`)
      return {
        email,
        password,
        accountId: reply.body.account.id,
        accessToken: reply.body.access_token,
        refreshToken: reply.body.refresh_token,
      }
    },
  }
}
