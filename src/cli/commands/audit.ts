import { toTimestamp } from '../../domain/clock.ts'
import { Problem } from '../../domain/problem.ts'
import { type Command, exitCodes, table, withInstallation } from '../command.ts'

const defaultLines = 20
const linesMax = 1000

export const auditTail: Command = {
  name: 'audit tail',
  summary: 'The latest lines of the audit log, oldest first.',
  options: { lines: { type: 'string', value: 'N', description: `How many (default ${defaultLines}, at most ${linesMax})` } },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const limit = Number(input.options.lines ?? defaultLines)
      if (!Number.isInteger(limit) || limit < 1 || limit > linesMax)
        throw new Problem('invalid_fields', { detail: `--lines takes a number from 1 to ${linesMax}` })
      const events = (await engine.store.events.listLatest(limit)).reverse()
      const data = events.map(({ id, seq, at, kind, outcome, actor, subject, details }) => ({
        id,
        seq,
        at: toTimestamp(at),
        kind,
        outcome,
        actor,
        subject,
        details,
      }))
      const rows = data.map((event) => [
        event.at,
        event.kind,
        event.outcome,
        event.subject ?? '-',
        event.details === null ? '(forgotten)' : JSON.stringify(event.details),
      ])
      return { data: { events: data }, text: table(['TIME', 'EVENT', 'OUTCOME', 'SUBJECT', 'DETAILS'], rows) }
    }),
}

export const auditVerify: Command = {
  name: 'audit verify',
  summary: 'Check that no line of the audit log was changed, invented or is missing. Exit code 4 where one was.',
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      await engine.audit.seal()
      const result = await engine.audit.verify()
      const noted =
        result.anchoredTo === null
          ? 'Its end was never noted outside the database: lines cut off at the end would not show.'
          : `Its end was noted outside the database up to line ${result.anchoredTo}: lines cut off after that would not show.`
      const text = result.fault
        ? `line ${result.fault.seq}: ${result.fault.reason}`
        : `${result.lines} lines, all as they were written.\n${noted}\nWhoever holds the master key as well as the database could have written all of it.`
      return { data: { intact: result.fault === null, ...result }, text, exitCode: result.fault ? exitCodes.found : exitCodes.ok }
    }),
}
