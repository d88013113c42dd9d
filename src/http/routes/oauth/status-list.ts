import { createHash } from 'node:crypto'
import { Type } from 'typebox'
import { toNumericDate } from '../../../domain/clock.ts'
import { encodeStatusList } from '../../../engine/sessions/status-list.ts'
import type { HttpContext } from '../../context.ts'
import { nothing } from '../../schema/schemas.ts'
import { route } from '../../server/route.ts'

const mediaType = 'application/statuslist+jwt'
const ttlSeconds = 4 // a service that polls at this interval knows within five seconds
const lifetimeSeconds = 3600
const listsKeptMax = 256

interface SignedList {
  version: number
  fingerprint: string
  token: string
  expiresAt: number
}

/** OAuth Token Status List §5, §8: services read it instead of introspecting each token. */
export function statusListRoutes(context: HttpContext): void {
  const { engine } = context
  const signed = new Map<string, SignedList>()

  route(context, 'GET /oauth/status/:list', {
    operationId: 'getStatusList',
    tag: 'keys',
    summary: 'Which tokens are revoked',
    description:
      'A signed list of bits (OAuth Token Status List). Tokens name their list and index in `status`. Poll every few seconds, with If-None-Match.',
    params: Type.Object({ list: Type.String({ pattern: '^[st](0|[1-9][0-9]{0,8})$' }) }),
    produces: [mediaType],
    reply: Type.String(),
    also: { 304: nothing('Nothing has changed') },
    errors: ['not_found'],
    async handler({ params: { list }, request, reply }) {
      await engine.authenticator.ready()
      const { token, fingerprint } = current(list)
      const etag = `"${fingerprint}"`
      reply
        .header('etag', etag)
        .header('cache-control', `public, max-age=${ttlSeconds}`)
        .header('access-control-allow-origin', '*')
      if (request.headers['if-none-match'] === etag) return reply.code(304).send()
      return reply.header('content-type', mediaType).send(token)
    },
  })

  function current(list: string): SignedList {
    const { indexes, version } = engine.revocations.inList(list)
    const known = signed.get(list)
    const now = toNumericDate(engine.clock.now())
    if (known && known.version === version && known.expiresAt - now > lifetimeSeconds / 2) return known
    const lst = encodeStatusList(indexes)
    const kid = engine.keyRing.signingKid()
    const fingerprint = createHash('sha256')
      .update(`${kid}.${lst}.${Math.floor(now / (lifetimeSeconds / 2))}`)
      .digest('base64url')
      .slice(0, 22)
    if (known?.fingerprint === fingerprint) return keep(list, { ...known, version })
    const uri = `${engine.settings.issuer}/oauth/status/${list}`
    const expiresAt = now + lifetimeSeconds
    const token = engine.keyRing.signStatusList({
      iss: engine.settings.issuer,
      sub: uri,
      iat: now,
      exp: expiresAt,
      ttl: ttlSeconds,
      status_list: { bits: 1, lst },
    })
    return keep(list, { version, fingerprint, token, expiresAt })
  }

  function keep(list: string, entry: SignedList): SignedList {
    if (signed.size >= listsKeptMax && !signed.has(list)) signed.delete(signed.keys().next().value as string)
    signed.set(list, entry)
    return entry
  }
}
