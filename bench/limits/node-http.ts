import { createPublicKey, verify } from 'node:crypto'
import { createServer } from 'node:http'

/**
 * What node:http can do at most: an answer of the same size and no work, or with one ES256 verification each.
 */
const jwk = process.env.BENCH_JWK
const key =
  jwk === undefined
    ? undefined
    : { key: createPublicKey({ key: JSON.parse(jwk), format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const }
const body = JSON.stringify({ message: 'Success' })

const server = createServer((request, response) => {
  if (key) {
    const token = request.headers.authorization?.slice(7) ?? ''
    const at = token.lastIndexOf('.')
    if (
      !verify('sha256', Buffer.from(token.slice(0, at)), key, Buffer.from(token.slice(at + 1), 'base64url'))
    )
      response.statusCode = 401
  }
  response
    .writeHead(response.statusCode, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.length,
    })
    .end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(JSON.stringify({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` }))
})
process.once('SIGTERM', () => process.exit(0))
