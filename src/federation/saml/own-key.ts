import { createPrivateKey, X509Certificate } from 'node:crypto'
import { UpstreamFault } from '../../domain/connection.ts'

/** Of this server, for one connection: signs requests, and opens what is encrypted. */
export interface OwnKey {
  /** PKCS #8, PEM. */
  privatePem: string
  /** PEM; the last one is current, and former ones stay in the metadata while providers change over. */
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
  return writeOwnKey({
    privatePem: String(key.export({ format: 'pem', type: 'pkcs8' })),
    certificates: [certificate.toString('pem')],
  })
}

const writeOwnKey = ({ privatePem, certificates }: OwnKey): string =>
  [privatePem.trim(), ...certificates].join('\n')

const pemBlock = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g

/** The secret of a connection: a private key and its certificates, in PEM. Null if there is none. */
export function readOwnKey(secret: string | null): OwnKey | null {
  if (secret === null) return null
  const blocks = [...secret.matchAll(pemBlock)].map(([text, label]) => ({ text, label }))
  const key = blocks.find(({ label }) => label?.endsWith('PRIVATE KEY'))
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE').map(({ text }) => text)
  if (!key) throw new UpstreamFault('misconfigured', 'the secret of the connection is no private key in PEM')
  return { privatePem: key.text, certificates }
}

/** As metadata has it. */
export const certificateBase64 = (pem: string): string => new X509Certificate(pem).raw.toString('base64')
