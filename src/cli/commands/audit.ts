import { setTimeout as wait } from 'node:timers/promises'
import { toTimestamp } from '../../domain/clock.ts'
import { type ChainedEvent, type EventKind, eventKinds } from '../../domain/event.ts'
import { Problem } from '../../domain/problem.ts'
import {
  type Command,
  type CommandInput,
  exitCodes,
  numberOption,
  table,
  withInstallation,
} from '../command.ts'
import { findAccount } from '../find-account.ts'

const defaultLines = 20
const linesMax = 1000
const followMilliseconds = 1000

const present = ({ id, seq, at, kind, outcome, actor, subject, details }: ChainedEvent) => ({
  ...{ id, seq, at: toTimestamp(at), kind, outcome, actor, subject, details },
})
const lineOf = ({ at, kind, outcome, subject, details }: ReturnType<typeof present>): string[] => [
  at,
  kind,
  outcome,
  subject ?? '-',
  details === null ? '(forgotten)' : JSON.stringify(details),
]

export const auditTail: Command = {
  name: 'audit tail',
  summary: 'The latest lines of the audit log, oldest first.',
  options: {
    lines: {
      type: 'string',
      value: 'N',
      description: `How many (default ${defaultLines}, at most ${linesMax})`,
    },
    kind: { type: 'string', value: 'EVENT', description: 'Only of this kind, such as sign_in.refused' },
    account: {
      type: 'string',
      value: 'ACCOUNT',
      description: 'Only about this account (id or any identifier)',
    },
    follow: {
      type: 'boolean',
      description: 'Keep printing new lines until stopped; one line each, or one JSON object',
    },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const limit = numberOption(input.options, 'lines', { default: defaultLines, max: linesMax })
      const { account } = input.options
      const kind = kindOf(input.options.kind)
      const subject = typeof account === 'string' ? (await findAccount(engine, account)).id : null
      const latest = async (count: number) =>
        (await engine.store.events.listFiltered({ subject, kind, before: null, limit: count }))
          .toReversed()
          .map(present)
      const events = await latest(limit)
      if (input.options.follow) await follow(input, { events, latest: () => latest(linesMax) })
      return {
        data: { events },
        text: table(['TIME', 'EVENT', 'OUTCOME', 'SUBJECT', 'DETAILS'], events.map(lineOf)),
      }
    }),
}

function kindOf(given: string | boolean | undefined): EventKind | null {
  if (given === undefined) return null
  const kind = eventKinds.find((known) => known === given)
  if (!kind) throw new Problem('invalid_fields', { detail: `--kind takes one of ${eventKinds.join(', ')}` })
  return kind
}

/** Looks once a second, and prints each line once. Ends with the process. */
async function follow(
  { options, print }: CommandInput,
  {
    events,
    latest,
  }: { events: ReturnType<typeof present>[]; latest: () => Promise<ReturnType<typeof present>[]> },
): Promise<never> {
  const show = (event: ReturnType<typeof present>): void =>
    print(options.json ? JSON.stringify(event) : lineOf(event).join('  '))
  // Those before the first that were not asked for are no news.
  const seen = new Set([...(await latest()), ...events].map(({ id }) => id))
  events.forEach(show)
  for (;;) {
    await wait(followMilliseconds)
    const fresh = (await latest()).filter(({ id }) => !seen.has(id))
    fresh.forEach(show)
    for (const { id } of fresh) seen.add(id)
    for (const id of seen) if (seen.size > 2 * linesMax) seen.delete(id)
  }
}

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'Check that no line of the audit log was changed, invented or deleted. Exit code 4 if one was.',
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      await engine.audit.seal()
      const result = await engine.audit.verify()
      const noted =
        result.anchoredTo === null
          ? 'Its head was never recorded outside the database: lines cut off at the end would not be detected.'
          : `Its head was recorded outside the database up to line ${result.anchoredTo}: lines cut off after that would not be detected.`
      const text = result.fault
        ? `line ${result.fault.seq}: ${result.fault.reason}`
        : `${result.lines} lines, all intact.\n${noted}\nAnyone with both the master key and the database could have written all of it.`
      return {
        data: { intact: result.fault === null, ...result },
        text,
        exitCode: result.fault ? exitCodes.found : exitCodes.ok,
      }
    }),
}
