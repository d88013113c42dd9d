/** One of two steps, between which the other side reads the metadata. */
export interface KeyRotation {
  step: 'begin' | 'finish'
  /** For the certificate. */
  name: string
  now: number
}
