import type { Connection, UpstreamTokens } from '../../domain/connection.ts'
import { leavingOf } from './leaving-settings.ts'

/** A row stays small; the provider chooses the length. */
const lengthMax = 8192

/** What of a token response is kept: nothing that the connection's settings do not need. */
export function keptTokens(
  connection: Pick<Connection, 'settings'>,
  reply: { access_token: string; refresh_token?: string; id_token?: string },
): UpstreamTokens | null {
  const { unlink, sign_out } = leavingOf(connection)
  const kept = {
    access: unlink ? short(reply.access_token) : null,
    refresh: unlink ? short(reply.refresh_token) : null,
    id: sign_out ? short(reply.id_token) : null,
  }
  return Object.values(kept).some((token) => token !== null) ? kept : null
}

const short = (token: string | undefined): string | null =>
  token !== undefined && token.length <= lengthMax ? token : null
