import type { Attempt, AttemptRequest } from '../../domain/attempt.ts'
import { Problem } from '../../domain/problem.ts'
import { firstPartyClientId } from '../../domain/session.ts'
import type { Interaction } from '../../engine/clients/openid-provider.ts'
import { plainRequest } from '../../engine/sign-in/open-attempt.ts'
import type { Outcome } from '../../engine/sign-in/types.ts'

/** What an attempt is begun for: an application's request, if there is one. */
export const requestFor = (about: Pick<Interaction, 'acr' | 'clientId'> | undefined): AttemptRequest => ({
  ...plainRequest,
  acr: about?.acr ?? null,
  clientId: about?.clientId ?? firstPartyClientId,
})

/** Undefined if it has ended, or belongs to another browser. */
export const unlessThere = (attempt: Promise<Attempt>): Promise<Attempt | undefined> =>
  attempt.catch((error) => {
    if (error instanceof Problem && ['not_found', 'attempt_over'].includes(error.code)) return undefined
    throw error
  })

/** The policy will never be satisfied. */
export const refusalOf = ({ reason }: Extract<Outcome, { status: 'refused' }>): Problem =>
  new Problem(reason === 'account_disabled' ? 'account_disabled' : 'more_evidence_required')
