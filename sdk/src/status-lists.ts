import { inflateSync } from 'node:zlib'
import { TokenError } from './errors.ts'
import { isSignedBy, parseJws } from './jws.ts'
import type { Fetch, KeySet } from './key-set.ts'

const renewMilliseconds = 2_000 // in the background, while tokens of the list come
const staleMilliseconds = 4_000 // after that a token waits for the list
const bytesMax = 16 * 1024 * 1024
const tokenLengthMax = 24 * 1024 * 1024
const listsMax = 1024

interface List {
  bits: Uint8Array
  etag: string | null
  /** When it was fetched, by our own clock. */
  askedAt: number
  renewing: Promise<void> | undefined
}

export interface StatusLists {
  /**
   * True if the token is revoked. A promise if the list must be fetched first; it rejects with
   * `issuer_unavailable`.
   */
  isRevoked(place: { idx: number; uri: string }): boolean | Promise<boolean>
}

/** The issuer's lists (OAuth Token Status List §8): fetched periodically while in use, not once a token. */
export function createStatusLists(given: {
  issuer: string
  keys: KeySet
  fetch: Fetch
  now(): number
}): StatusLists {
  const { issuer, keys, fetch, now } = given
  const lists = new Map<string, List>()

  async function load(uri: string, list: List): Promise<void> {
    const askedAt = now()
    const headers = {
      accept: 'application/statuslist+jwt',
      ...(list.etag !== null && { 'if-none-match': list.etag }),
    }
    const response = await fetch(uri, { headers, signal: AbortSignal.timeout(5_000) })
    if (response.status !== 304) {
      if (!response.ok) throw new Error(`${uri} answered ${response.status}`)
      list.bits = await read(uri, (await response.text()).trim())
      list.etag = response.headers.get('etag')
    }
    list.askedAt = askedAt
  }

  async function read(uri: string, token: string): Promise<Uint8Array> {
    const jws = parseJws(token, tokenLengthMax)
    const key = jws && jws.typ === 'statuslist+jwt' ? await keys.find(jws.kid) : undefined
    if (!jws || !key || !isSignedBy(jws, key)) throw new Error('the status list is not signed by the issuer')
    const { iss, sub, exp, status_list: list } = JSON.parse(jws.payload.toString('utf8'))
    if (
      (iss !== undefined && iss !== issuer) ||
      sub !== uri ||
      list?.bits !== 1 ||
      typeof list.lst !== 'string'
    )
      throw new Error('the status list is another one')
    if (typeof exp === 'number' && exp * 1000 < now()) throw new Error('the status list is too old')
    return inflateSync(Buffer.from(list.lst, 'base64url'), { maxOutputLength: bytesMax })
  }

  function renew(uri: string, list: List): Promise<void> {
    list.renewing ??= load(uri, list).finally(() => {
      list.renewing = undefined
    })
    return list.renewing
  }

  function listOf(uri: string): List {
    let list = lists.get(uri)
    if (!list) {
      if (lists.size >= listsMax) lists.delete(lists.keys().next().value as string)
      list = { bits: new Uint8Array(0), etag: null, askedAt: -Infinity, renewing: undefined }
      lists.set(uri, list)
    }
    return list
  }

  return {
    isRevoked({ idx, uri }) {
      if (!uri.startsWith(`${issuer}/`)) throw new TokenError('malformed')
      const list = listOf(uri)
      const age = now() - list.askedAt
      if (age <= staleMilliseconds) {
        if (age > renewMilliseconds) renew(uri, list).catch(() => undefined)
        return isSet(list.bits, idx)
      }
      return renew(uri, list).then(
        () => isSet(list.bits, idx),
        (error) => {
          throw new TokenError('issuer_unavailable', {}, { cause: error })
        },
      )
    },
  }
}

/** An index beyond the list counts as revoked. */
function isSet(bits: Uint8Array, index: number): boolean {
  const byte = bits[index >> 3]
  return byte === undefined || ((byte >> (index & 7)) & 1) === 1
}
