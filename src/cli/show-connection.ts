import { type Connection, selfUrl } from '../domain/connection.ts'
import { presentConnection } from '../engine/connections/present-connection.ts'
import { kindOf } from '../engine/connections/upstreams.ts'
import type { Engine } from '../engine/engine.ts'
import type { CommandResult } from './command.ts'

const lengthMax = 200
const endShown = 24

/** A connection without its secret, and what to give to its provider. */
export function showConnection(engine: Engine, connection: Connection): CommandResult {
  const { issuer } = engine.settings
  const data = presentConnection(connection, issuer)
  const about = kindOf(engine, connection).describeSelf ? selfUrl(issuer, data) : null
  const lines = [
    `slug          ${data.slug}`,
    `state         ${data.state}`,
    `client_id     ${data.client_id}`,
    `secret        ${data.has_secret ? 'set' : 'not set'}${data.secret_expires_on ? `, until ${data.secret_expires_on}` : ''}`,
    ...(data.domains.length > 0 ? [`domains       ${data.domains.join(', ')}`] : []),
    ...Object.entries(data.settings).map(([name, value]) => `${name.padEnd(13)} ${sayValue(value)}`),
    ...(about === null
      ? [`redirect URI  ${data.callback_url}   ← register this at the provider`]
      : [`ACS           ${data.callback_url}`, `metadata      ${about}   ← give this to the provider`]),
  ]
  return { data, text: lines.join('\n') }
}

/** A certificate is long: its end tells it apart. */
export const sayValue = (value: unknown): string =>
  [value]
    .flat()
    .map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one)))
    .map((text) => (text.length > lengthMax ? `…${text.slice(-endShown)}` : text))
    .join(', ')
