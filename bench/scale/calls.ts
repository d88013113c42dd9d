import { randomUUID } from 'node:crypto'
import { account, post } from '../ours.ts'

/** A running server, and what a caller needs there. */
export interface Place {
  url: string
  /** Of a program with every right of an operator. */
  adminToken: string
  /** Of the first account, whose refresh token rotates with each use. */
  person: { access_token: string; refresh_token: string }
  /** Account ids, oldest first, some from everywhere. */
  accounts: string[]
  /** An id from the middle of the audit log. */
  middleEvent: string
}

/** One call, as often as wanted. Throws where the answer is not the one that is expected. */
export type Call = (place: Place) => Promise<unknown>

async function ask(
  place: Place,
  path: string,
  { method = 'GET', token = place.adminToken, body }: Asked = {},
): Promise<unknown> {
  const reply = await fetch(place.url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${method} ${path} answered ${reply.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}
interface Asked {
  method?: string
  token?: string
  body?: unknown
}

const admin =
  (path: string): Call =>
  (place) =>
    ask(place, `/v1/admin/${path}`)
const mine =
  (path: string): Call =>
  (place) =>
    ask(place, path, { token: place.person.access_token })
const some = (place: Place): string =>
  place.accounts[Math.floor(Math.random() * place.accounts.length)] as string
const { email: username, password } = account
let made = 0

async function makeAndDelete(place: Place): Promise<void> {
  const { id } = (await ask(place, '/v1/admin/accounts', {
    method: 'POST',
    body: { email: `made-${randomUUID()}@example.com` },
  })) as {
    id: string
  }
  await ask(place, `/v1/admin/accounts/${id}`, { method: 'DELETE' })
}

/**
 * Reads and writes of people, programs and operators: each of the same rows of answer, however many others
 * there are.
 */
export const calls: Readonly<Record<string, Call>> = {
  // First, since it begins anew to watch the event loop.
  'GET /metrics': async (place) => (await fetch(`${place.url}/metrics`)).text(),
  'POST /login': (place) => post(place.url, '/login', { username, password }),
  'POST /refresh': async (place) => {
    place.person = (await post(place.url, '/refresh', {
      refresh_token: place.person.refresh_token,
    })) as Place['person']
  },
  'POST /v1/accounts': (place) =>
    post(place.url, '/v1/accounts', { email: `person-${randomUUID()}@example.org`, password }),
  'GET /protected': mine('/protected'),
  'GET /v1/me': mine('/v1/me'),
  'GET /v1/me/sessions': mine('/v1/me/sessions'),
  'accounts, first page': admin('accounts'),
  'accounts, after one in the middle': (place) => ask(place, `/v1/admin/accounts?after=${some(place)}`),
  'accounts?role=operator': admin('accounts?role=operator'),
  'accounts?state=active': admin('accounts?state=active'),
  'accounts?role=member&state=disabled, one row': admin('accounts?role=member&state=disabled&limit=1'),
  'accounts?role=operator&state=active': admin('accounts?role=operator&state=active'),
  'accounts?search=, many begin so': admin('accounts?search=person'),
  'accounts?search=, one does': admin('accounts?search=person-0000777'),
  'accounts?search=, none does': admin('accounts?search=nobody-of-this-name'),
  'accounts?identifier=': admin('accounts?identifier=person-0000500%40example.com'),
  'accounts/ID': (place) => ask(place, `/v1/admin/accounts/${some(place)}`),
  'accounts/ID/sessions': (place) => ask(place, `/v1/admin/accounts/${some(place)}/sessions`),
  'accounts/ID/credentials': (place) => ask(place, `/v1/admin/accounts/${some(place)}/credentials`),
  'accounts: made, then deleted': makeAndDelete,
  'accounts/ID, changed': (place) =>
    ask(place, `/v1/admin/accounts/${some(place)}`, { method: 'PATCH', body: { name: `Person ${made++}` } }),
  'accounts/ID/sessions, ended': (place) =>
    ask(place, `/v1/admin/accounts/${some(place)}/sessions`, { method: 'DELETE' }),
  'events, first page': admin('events'),
  'events, before one in the middle': (place) => ask(place, `/v1/admin/events?after=${place.middleEvent}`),
  'events?kind=, common': admin('events?kind=sign_in.succeeded'),
  'events?kind=, rare': admin('events?kind=account.role_changed'),
  'events?subject=': (place) => ask(place, `/v1/admin/events?subject=${some(place)}&limit=5`),
  'events?subject=&kind=': (place) =>
    ask(place, `/v1/admin/events?subject=${some(place)}&kind=account.created`),
  'GET /v1/admin/clients': admin('clients'),
  'GET /readyz': async (place) => (await fetch(`${place.url}/readyz`)).text(),
}
