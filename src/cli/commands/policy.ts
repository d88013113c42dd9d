import type { AttemptId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import { explainAttempt } from '../../engine/policy/explain-attempt.ts'
import { rehearsePolicy } from '../../engine/policy/simulate-policy.ts'
import { readPolicy } from '../../settings/policy-file.ts'
import { type Command, withInstallation } from '../command.ts'
import { daysOf, daysOption, showRehearsal } from './rehearsal.ts'

export const policyCheck: Command = {
  name: 'policy check',
  summary: 'Check a policy document and list its errors with lines. Exit code 3 if there are any.',
  arguments: ['FILE'],
  run: async (input) => {
    const document = await readPolicy(input.arguments[0] as string)
    return { data: { valid: true, document }, text: JSON.stringify(document, null, 2) }
  },
}

export const policyExplain: Command = {
  name: 'policy explain',
  summary: 'Explain what happened in an attempt, and why.',
  arguments: ['ATTEMPT'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const attempt = await engine.store.attempts.find(input.arguments[0] as AttemptId)
      if (!attempt)
        throw new Problem('not_found', {
          detail: `there is no attempt ${input.arguments[0]}; they are kept for 90 days`,
        })
      const account = attempt.accountId ? await engine.store.accounts.find(attempt.accountId) : undefined
      const lines = explainAttempt(attempt, account?.identifiers.map(({ display }) => display) ?? [])
      const { id, purpose, state, accountId, evidence, decisionInputs, decision } = attempt
      return {
        data: {
          id,
          purpose,
          state,
          account: accountId,
          evidence,
          facts: decisionInputs,
          decision,
          explanation: lines,
        },
        text: lines.join('\n'),
      }
    }),
}

export const policyRehearse: Command = {
  name: 'policy rehearse',
  summary:
    'Simulate another document with past attempts: which accounts would be asked for more, or locked out. Changes nothing. Exit code 4 if an account would be locked out.',
  arguments: ['FILE'],
  options: daysOption,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const document = await readPolicy(input.arguments[0] as string)
      return showRehearsal(await rehearsePolicy(engine, { document, days: daysOf(input) }))
    }),
}
