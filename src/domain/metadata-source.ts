/** Where the other side of SAML describes itself. */
export type MetadataSource = ({ xml: string } | { url: string }) & {
  /** Which of several. */
  entityId?: string
  /** The certificate by which the document must be signed: DER in base64. */
  signedBy?: string
  /** Whether it may be the aggregate of a federation; only operators may ask for those. */
  mayBeLarge?: boolean
}

/** DER in base64, as metadata has certificates. */
export const certificatePattern = '^[A-Za-z0-9+/=]{100,8192}$'
