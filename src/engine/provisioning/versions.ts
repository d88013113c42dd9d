import { ScimFault } from '../../domain/scim/scim-fault.ts'
import { UniqueViolation } from '../../store/database.ts'

/** `version`: of `If-Match`; null for any. Throws ScimFault 412 (RFC 7644 §3.14). */
export function refuseOtherVersion({ revision }: { revision: number }, version: number | null): void {
  if (version !== null && version !== revision)
    throw new ScimFault(412, null, 'It has changed since it was read')
}

export const changedMeanwhile = (): ScimFault => new ScimFault(409, null, 'It was changed at the same time')

/** For a write that lost to another with the same name. */
export const orUniqueness =
  (taken: () => ScimFault) =>
  (error: unknown): never => {
    throw error instanceof UniqueViolation ? taken() : error
  }
