import { X509Certificate } from 'node:crypto'
import { invalid } from './invalid.ts'

/** From DER in base64. Throws UpstreamFault. */
export function certificateIn(base64: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'))
  } catch (error) {
    throw invalid('a certificate cannot be read', error)
  }
}
