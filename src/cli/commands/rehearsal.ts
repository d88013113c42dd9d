import { toTimestamp } from '../../domain/clock.ts'
import { Problem } from '../../domain/problem.ts'
import type { AffectedAccount, Rehearsal } from '../../engine/policy/simulate-policy.ts'
import { type CommandInput, type CommandOption, type CommandResult, exitCodes, table } from '../command.ts'

const [daysDefault, daysMax] = [30, 90]

/** How far back a rehearsal looks. */
export const daysOption: Readonly<Record<string, CommandOption>> = {
  days: {
    type: 'string',
    value: 'N',
    description: `How far back (default ${daysDefault}, at most ${daysMax})`,
  },
}

export function daysOf({ options }: CommandInput): number {
  const days = Number(options.days ?? daysDefault)
  if (!Number.isInteger(days) || days < 1 || days > daysMax)
    throw new Problem('invalid_fields', { detail: `--days takes a number from 1 to ${daysMax}` })
  return days
}

/** Exit code 4 if an account would be locked out. */
export function showRehearsal(rehearsal: Rehearsal): CommandResult {
  const isLocking = rehearsal.affected.some(({ change }) => change === 'locked_out')
  return {
    data: present(rehearsal),
    text: report(rehearsal),
    exitCode: isLocking ? exitCodes.found : exitCodes.ok,
  }
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
