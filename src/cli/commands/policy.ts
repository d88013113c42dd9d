import { toTimestamp } from '../../domain/clock.ts'
import type { AttemptId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import { explainAttempt } from '../../engine/policy/explain-attempt.ts'
import { type AffectedAccount, type Rehearsal, rehearsePolicy } from '../../engine/policy/simulate-policy.ts'
import { readPolicy } from '../../settings/policy-file.ts'
import { type Command, exitCodes, table, withInstallation } from '../command.ts'

const daysDefault = 30
const daysMax = 90

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
  options: {
    days: {
      type: 'string',
      value: 'N',
      description: `How far back (default ${daysDefault}, at most ${daysMax})`,
    },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const days = Number(input.options.days ?? daysDefault)
      if (!Number.isInteger(days) || days < 1 || days > daysMax)
        throw new Problem('invalid_fields', { detail: `--days takes a number from 1 to ${daysMax}` })
      const document = await readPolicy(input.arguments[0] as string)
      const rehearsal = await rehearsePolicy(engine, { document, days })
      const isLocking = rehearsal.affected.some(({ change }) => change === 'locked_out')
      return {
        data: present(rehearsal),
        text: report(rehearsal),
        exitCode: isLocking ? exitCodes.found : exitCodes.ok,
      }
    }),
}

const present = ({ affected, askedForLess, ...rest }: Rehearsal) => ({
  ...rest,
  asked_for_less: askedForLess,
  affected: affected.map(({ accountId, lastAttempt, lastAt, ...one }) => ({
    account: accountId,
    ...one,
    last_attempt: lastAttempt,
    last_at: toTimestamp(lastAt),
  })),
})

const headings = {
  locked_out: 'Locked out: none of their methods could satisfy the document',
  could_now: 'Locked out then, but their methods today could satisfy it',
  asked_for_more: 'Asked for more than before',
} as const

/** Counts first, then the affected accounts, the worst first, one a line. */
function report({ days, attempts, accounts, unchanged, askedForLess, affected }: Rehearsal): string {
  const counted = `${attempts} attempts of ${accounts} accounts in the last ${days} days: ${unchanged} unchanged, ${attempts - unchanged} different${askedForLess > 0 ? `, ${askedForLess} would have been enough earlier` : ''}.`
  const groups = (Object.keys(headings) as (keyof typeof headings)[]).flatMap((change) => {
    const group = affected.filter((one) => one.change === change)
    return group.length === 0
      ? []
      : [
          `\n${headings[change]} (${group.length}):\n${table(['ACCOUNT', 'NAMES', 'TIMES', 'PROVED', 'WOULD BE ASKED FOR', 'HAS'], group.map(row))}`,
        ]
  })
  return [counted, ...groups, ...(affected.length === 0 ? ['No account is affected.'] : [])].join('\n')
}

const row = ({ accountId, names, attempts, proved, offers, methods }: AffectedAccount): string[] => [
  accountId,
  names.join(' ') || '-',
  String(attempts),
  proved.join(' ') || '-',
  offers.join(' ') || '-',
  methods.join(' ') || '-',
]
