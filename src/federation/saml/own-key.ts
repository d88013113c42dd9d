import { createPrivateKey, X509Certificate } from 'node:crypto'
import { UpstreamFault } from '../../domain/connection.ts'
import type { KeyRotation } from '../../domain/key-rotation.ts'

/** Of this server, for one connection: signs requests, and opens what is encrypted. */
export interface OwnKey {
  /** Signs. PKCS #8, PEM. */
  privatePem: string
  /** All that open what is encrypted: the one that signs first, then the next or the former one. */
  privatePems: string[]
  /** In the metadata, PEM: that of the key that signs first, then the next one. */
  certificates: string[]
}

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 3072,
}
const years = 10

/** A new key with a self-signed certificate: partners compare it as a whole, so no authority is needed. */
export async function createOwnKey(name: string, now: number): Promise<string> {
  await import('reflect-metadata') // the library expects it
  const { cryptoProvider, X509CertificateGenerator } = await import('@peculiar/x509')
  cryptoProvider.set(globalThis.crypto as never)
  const keys = await globalThis.crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const notAfter = new Date(now)
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + years)
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name.replaceAll(/[^\w.-]/g, '').slice(0, 60) || 'sumun'}`,
    ...{ notBefore: new Date(now), notAfter, keys, signingAlgorithm: algorithm },
  })
  const der = Buffer.from(await globalThis.crypto.subtle.exportKey('pkcs8', keys.privateKey))
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const privatePem = String(key.export({ format: 'pem', type: 'pkcs8' }))
  return writeOwnKey({ privatePems: [privatePem], certificates: [certificate.toString('pem')] })
}

const writeOwnKey = ({ privatePems, certificates }: Omit<OwnKey, 'privatePem'>): string =>
  [...privatePems.map((pem) => pem.trim()), ...certificates].join('\n')

/**
 * `begin`: with a next key, whose certificate the other side can read before it signs. `finish`: the next key
 * signs; the former one still opens what was encrypted for it. Throws UpstreamFault if there is no key, or no
 * next one.
 */
export async function rotatedOwnKey(
  secret: string | null,
  { name, now, step }: KeyRotation,
): Promise<string> {
  const key = readOwnKey(secret)
  const [current] = key?.certificates ?? []
  if (!key || current === undefined)
    throw new UpstreamFault('misconfigured', 'there is no key with a certificate to rotate')
  if (step === 'begin') {
    const next = readOwnKey(await createOwnKey(name, now)) as OwnKey
    return writeOwnKey({
      privatePems: [key.privatePem, next.privatePem],
      certificates: [current, ...next.certificates],
    })
  }
  const next = key.certificates[1]
  const nextPem = key.privatePems[1]
  if (next === undefined || nextPem === undefined)
    throw new UpstreamFault('misconfigured', 'there is no next key: begin first')
  return writeOwnKey({ privatePems: [nextPem, key.privatePem], certificates: [next] })
}

const pemBlock = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g

/** The secret of a connection: a private key and its certificates, in PEM. Null if there is none. */
export function readOwnKey(secret: string | null): OwnKey | null {
  if (secret === null) return null
  const blocks = [...secret.matchAll(pemBlock)].map(([text, label]) => ({ text, label }))
  const privatePems = blocks.filter(({ label }) => label?.endsWith('PRIVATE KEY')).map(({ text }) => text)
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE').map(({ text }) => text)
  const [privatePem] = privatePems
  if (privatePem === undefined)
    throw new UpstreamFault('misconfigured', 'the secret of the connection is no private key in PEM')
  return { privatePem, privatePems, certificates }
}

/** As metadata has it. */
export const certificateBase64 = (pem: string): string => new X509Certificate(pem).raw.toString('base64')
