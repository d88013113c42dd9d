import 'reflect-metadata' // the library expects it
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/** An authority, and a certificate of its own for each of the names. */
export async function makeAuthority(name: string) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ serialNumber: '01', name: `CN=${name}`, keys, signingAlgorithm: algorithm },
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  } as never)
  const issue = async (host: x509.JsonGeneralName) => {
    const own = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const certificate = await x509.X509CertificateGenerator.create({
      ...{
        serialNumber: '02',
        subject: 'CN=database',
        issuer: authority.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
      },
      signingAlgorithm: algorithm,
      extensions: [new x509.SubjectAlternativeNameExtension([host])],
    } as never)
    const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64')
    return {
      certificate: certificate.toString('pem'),
      key: `-----BEGIN PRIVATE KEY-----\n${key.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`,
    }
  }
  return { pem: authority.toString('pem'), issue }
}
