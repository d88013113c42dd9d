import { createPublicKey, verify } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

/** What a callback cannot do without: the token call, one ES256 verification, and one durable row. */
export async function createParts(issuer: string, path: string): Promise<(code: string) => Promise<void>> {
  const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: [object] }
  const key = {
    key: createPublicKey({ key: keys[0] as never, format: 'jwk' }),
    dsaEncoding: 'ieee-p1363' as const,
  }
  const database = new DatabaseSync(path)
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE row (id TEXT PRIMARY KEY, text TEXT)',
  )
  const insert = database.prepare('INSERT INTO row VALUES (?, ?)')
  return async (code) => {
    const reply = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        client_id: 'bench',
        client_secret: 'bench',
      }),
    })
    const { id_token: token } = (await reply.json()) as { id_token: string }
    const at = token.lastIndexOf('.')
    if (
      !verify('sha256', Buffer.from(token.slice(0, at)), key, Buffer.from(token.slice(at + 1), 'base64url'))
    )
      throw new Error('the ID token does not verify')
    insert.run(code, token)
  }
}
