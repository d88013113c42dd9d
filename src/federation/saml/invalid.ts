import { UpstreamFault } from '../../domain/connection.ts'

/** The provider said what cannot be accepted. */
export const invalid = (detail: string, cause?: unknown): UpstreamFault =>
  new UpstreamFault('invalid', detail, cause === undefined ? undefined : { cause })
