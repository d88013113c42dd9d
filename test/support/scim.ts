import { issueScimToken } from '../../src/engine/provisioning/scim-tokens.ts'
import type { Reply } from './client.ts'
import type { TestServer } from './fixture.ts'
import { organisation, verifiedDomain } from './organisations.ts'

export const urn = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  enterprise: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
} as const

export interface ScimClient {
  token: string
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  /** The id of a new user. */
  user(userName: string, more?: Record<string, unknown>): Promise<string>
  group(displayName: string, members?: readonly string[]): Promise<string>
  patch(path: string, ...operations: unknown[]): Promise<Reply>
  find(path: string): Promise<Reply>
}

/** The directory of an organisation with the verified domain `corp.example`. */
export async function scimClient(
  app: TestServer,
  { slug = 'corp', domain = 'corp.example' }: { slug?: string; domain?: string } = {},
): Promise<ScimClient & { organisationId: string }> {
  const made = await organisation(app, { slug, name: slug })
  await verifiedDomain(app, made, domain)
  const { secret } = await issueScimToken(app.running.engine, {
    ...{ organisation: made, name: 'directory', days: null, actor: 'test' },
  })
  return { ...clientWith(app, secret.reveal()), organisationId: made.id }
}

export function clientWith(app: TestServer, token: string): ScimClient {
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const reply = await app.call(method, `/scim/v2${path}`, {
      token,
      ...(body !== undefined && { raw: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: { ...(body !== undefined && { 'content-type': 'application/scim+json' }), ...headers },
    })
    // The test client parses what says that it is JSON, in these words.
    if (typeof reply.body === 'string' && reply.body.startsWith('{')) reply.body = JSON.parse(reply.body)
    return reply
  }
  const made = async (path: string, body: unknown): Promise<string> => {
    const reply = await call('POST', path, body)
    if (reply.status !== 201) throw new Error(JSON.stringify(reply.body))
    return reply.body.id
  }
  return {
    ...{ token, call },
    user: (userName, more = {}) =>
      made('/Users', {
        schemas: [urn.user],
        userName,
        emails: [{ value: userName, primary: true, type: 'work' }],
        ...more,
      }),
    group: (displayName, members = []) =>
      made('/Groups', { schemas: [urn.group], displayName, members: members.map((value) => ({ value })) }),
    patch: (path, ...Operations) => call('PATCH', path, { schemas: [urn.patch], Operations }),
    find: (path) => call('GET', path),
  }
}
