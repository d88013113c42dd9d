import { Type } from 'typebox'
import { Problem, type ProblemCode } from '../../domain/problem.ts'
import type { Fault } from '../../pages/parts.ts'

const faults: Partial<Record<ProblemCode, Fault>> = {
  answer_refused: 'wrong',
  invalid_fields: 'invalid',
  malformed_request: 'invalid',
  challenge_not_open: 'over',
  attempt_over: 'over',
  too_many_attempts: 'throttled',
  account_disabled: 'disabled',
  more_evidence_required: 'unreachable',
  busy: 'busy',
  database_unavailable: 'busy',
  conflict: 'conflict',
  identifier_taken: 'taken',
  last_way_in: 'lastWayIn',
  last_operator: 'lastOperator',
  weak_password: 'weak',
  enrolment_refused: 'unknown',
  last_admin: 'lastAdmin',
  domain_not_proved: 'notProved',
  admin_role_required: 'notAdmin',
  not_tried: 'tryFirst',
  invitation_of_another: 'unknown',
  not_found: 'gone',
  upstream_unavailable: 'upstream',
}

/** The message that a page shows for a problem. Rethrows problems that the user did not cause. */
export function faultOf(error: unknown): Fault {
  const fault = error instanceof Problem ? faults[error.code] : undefined
  if (fault === undefined) throw error
  return fault
}

/** The same, for the query of a page: with the minutes to wait, where that is what is wrong. */
export function faultParameters(error: unknown): Record<string, string> {
  const fault = faultOf(error)
  const { retryAfterSeconds: seconds } = error as Problem
  return fault === 'throttled' && seconds !== undefined
    ? { fault, wait: String(Math.min(minutesMax, Math.ceil(seconds / 60))) }
    : { fault }
}

const minutesMax = 1440

/** In the page's query, so that a reload sends nothing again. */
export const faultQuery = {
  fault: Type.Optional(Type.Enum([...new Set(Object.values(faults)), 'confirmDelete'])),
  wait: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,3}$' })),
}

/** By field, where the problem names fields. */
export const faultsByField = ({ errors = [] }: Problem): Record<string, string> =>
  Object.fromEntries(errors.map(({ field, message }) => [field.slice(1), message]))
