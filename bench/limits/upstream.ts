import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * An OpenID provider that does as little as it may: it answers every code with an ID token that it signs
 * (ES256). The code is the nonce and the subject, with a dot between them.
 */
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256', use: 'sig' }
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const header = encode({ alg: 'ES256', kid: 'one' })

function idToken(issuer: string, code: string, key: KeyObject): string {
  const [nonce, sub] = code.split('.')
  const iat = Math.floor(Date.now() / 1000)
  const claims = {
    iss: issuer,
    aud: 'bench',
    sub,
    nonce,
    iat,
    exp: iat + 300,
    name: 'Bench',
    email: `${sub}@example.com`,
  }
  const signed = `${header}.${encode(claims)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

const server = createServer(async (request, response) => {
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`
  const json = (body: object): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  switch (request.url) {
    case '/.well-known/openid-configuration':
      return json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['ES256'],
      })
    case '/jwks':
      return json({ keys: [jwk] })
    default: {
      const chunks: Buffer[] = []
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
      const code = new URLSearchParams(Buffer.concat(chunks).toString()).get('code') ?? ''
      json({
        access_token: 'bench',
        token_type: 'Bearer',
        expires_in: 300,
        id_token: idToken(issuer, code, privateKey),
      })
    }
  }
})
server.listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ url: `http://localhost:${(server.address() as AddressInfo).port}` })),
)
