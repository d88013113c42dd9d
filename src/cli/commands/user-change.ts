import { type AccountState, accountRoles } from '../../domain/account.ts'
import { toTimestamp } from '../../domain/clock.ts'
import { Problem } from '../../domain/problem.ts'
import {
  deleteAccount,
  replaceCredential,
  setAccountRole,
  setAccountState,
} from '../../engine/accounts/manage-account.ts'
import { issueRecoveryLink, mailRecoveryLink } from '../../engine/recovery/recovery-link.ts'
import { systemRequester } from '../../engine/request-context.ts'
import { endSessions } from '../../engine/sessions/revoke.ts'
import { type Command, confirm, confirmation, numberOption, table, withInstallation } from '../command.ts'
import { findAccount } from '../find-account.ts'
import { passwordFromInput } from '../new-password.ts'

const sessionsMax = 100
const [recoveryHoursDefault, recoveryHoursMax] = [24, 24 * 7]
const terminalMethod = 'password'

const changeState = (name: string, state: AccountState, summary: string): Command => ({
  name,
  summary,
  arguments: ['ACCOUNT'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const { id } = await findAccount(engine, input.arguments[0] as string)
      const changed = await setAccountState(engine, { id, state, actor: 'cli' })
      return {
        data: { id, state, changed },
        text: changed ? `${id} is ${state}` : `${id} was ${state} already`,
      }
    }),
})

export const userDisable = changeState(
  'user disable',
  'disabled',
  'Disable an account, and end its sessions everywhere.',
)
export const userEnable = changeState('user enable', 'active', 'Enable an account again.')

export const userRole: Command = {
  name: 'user role',
  summary: `Make an account ${accountRoles.join(' or ')}. Its sessions end, since their tokens carry its permissions.`,
  arguments: ['ACCOUNT', 'ROLE'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const role = accountRoles.find((known) => known === input.arguments[1])
      if (!role) throw new Problem('invalid_fields', { detail: `a role is ${accountRoles.join(' or ')}` })
      const { id } = await findAccount(engine, input.arguments[0] as string)
      const changed = await setAccountRole(engine, { id, role, actor: 'cli' })
      return { data: { id, role, changed }, text: changed ? `${id} is ${role}` : `${id} was ${role} already` }
    }),
}

export const userRecoveryLink: Command = {
  name: 'user recovery-link',
  summary:
    'Print a single-use link with which the user signs in and sets a new password. Set SUMUN_ISSUER first.',
  arguments: ['ACCOUNT'],
  options: {
    mail: { type: 'boolean', description: 'Send it to the verified address of the account instead' },
    hours: {
      type: 'string',
      value: 'N',
      description: `How long it is valid (default ${recoveryHoursDefault}, at most ${recoveryHoursMax})`,
    },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const account = await findAccount(engine, input.arguments[0] as string)
      const hours = numberOption(input.options, 'hours', {
        default: recoveryHoursDefault,
        max: recoveryHoursMax,
      })
      if (input.options.mail) {
        const sent = await mailRecoveryLink(engine, { account, hours, actor: 'cli' })
        return { data: { id: account.id, sent, hours }, text: `sent to ${sent}` }
      }
      if (account.state !== 'active') throw new Problem('account_disabled')
      const link = await issueRecoveryLink(engine, { account, hours, actor: 'cli' })
      return { data: { id: account.id, link: link.reveal(), hours }, text: link.reveal() }
    }),
}

export const userResetPassword: Command = {
  name: 'user reset-password',
  summary:
    'Set an account’s password from standard input, and end its sessions everywhere. With `user recovery-link` the owner chooses one.',
  arguments: ['ACCOUNT'],
  options: {
    'password-stdin': {
      type: 'boolean',
      description: 'Read the password from standard input; required',
    },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const account = await findAccount(engine, input.arguments[0] as string)
      const password = await passwordFromInput(input)
      await replaceCredential(engine, {
        account,
        method: terminalMethod,
        answer: { [terminalMethod]: password },
        requester: systemRequester(engine),
        actor: 'cli',
        ending: 'password_reset',
      })
      return { data: { id: account.id }, text: account.id }
    }),
}

export const userSessions: Command = {
  name: 'user sessions',
  summary: 'Where an account is signed in.',
  arguments: ['ACCOUNT'],
  options: { end: { type: 'boolean', description: 'End them all' } },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const { id } = await findAccount(engine, input.arguments[0] as string)
      if (input.options.end) {
        const count = await endSessions(engine, {
          accountId: id,
          except: null,
          ending: 'operator',
          actor: 'cli',
        })
        return { data: { id, ended: count }, text: `${count} ended` }
      }
      const sessions = await engine.store.sessions.listByAccount(id, {
        after: null,
        limit: sessionsMax,
        now: engine.clock.now(),
      })
      const data = sessions.map((session) => ({
        id: session.id,
        created_at: toTimestamp(session.createdAt),
        last_used_at: toTimestamp(session.refreshedAt),
        source: session.source,
        user_agent: session.userAgent,
      }))
      return {
        data: { id, sessions: data },
        text: table(
          ['SESSION', 'SIGNED IN', 'LAST USED', 'FROM', 'AGENT'],
          data.map((row) => [
            row.id,
            row.created_at,
            row.last_used_at,
            row.source ?? '-',
            row.user_agent ?? '-',
          ]),
        ),
      }
    }),
}

export const userDelete: Command = {
  name: 'user delete',
  summary: 'Delete an account permanently. The audit log keeps its lines, without personal data.',
  arguments: ['ACCOUNT'],
  options: confirmation,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const { id, identifiers } = await findAccount(engine, input.arguments[0] as string)
      await confirm(
        input,
        `This permanently deletes ${[id, ...identifiers.map(({ display }) => display)].join(' ')}.`,
      )
      await deleteAccount(engine, { id, actor: 'cli', requester: systemRequester(engine) })
      return { data: { id, deleted: true }, text: `${id} is deleted` }
    }),
}
