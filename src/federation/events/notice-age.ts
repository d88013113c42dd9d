import { UpstreamFault } from '../../domain/connection.ts'

/** What is older could have been replayed after its id was forgotten. */
export const ageSecondsMax = 86_400
export const toleranceSeconds = 60

/** `at`: seconds since the epoch. Throws UpstreamFault. */
export function refuseOldNotice(at: number, now: number): void {
  const age = now / 1000 - at
  if (!(age <= ageSecondsMax && age >= -toleranceSeconds))
    throw new UpstreamFault('invalid', 'the notice is too old, or of the future')
}
