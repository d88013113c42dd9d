import { base64url, randomText, sha256, utf8 } from './encoding.ts'

/** A DPoP proof (RFC 9449 §4.2); valid for one request. */
export async function proofFor(
  key: CryptoKeyPair,
  given: { method: string; url: string; token?: string },
): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', key.publicKey)
  const { origin, pathname } = new URL(given.url)
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }
  const payload = {
    htm: given.method,
    htu: origin + pathname,
    iat: Math.floor(Date.now() / 1000),
    jti: randomText(),
    ...(given.token !== undefined && { ath: await sha256(given.token) }),
  }
  const input = [header, payload].map((part) => base64url(utf8(JSON.stringify(part)))).join('.')
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, utf8(input))
  return `${input}.${base64url(signature)}`
}
