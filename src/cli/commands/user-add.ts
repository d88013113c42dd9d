import { addAccount, type FirstCredential } from '../../engine/accounts/add-account.ts'
import { systemRequester } from '../../engine/request-context.ts'
import { issueTicket } from '../../engine/tickets/issue-ticket.ts'
import { invitationLink } from '../../engine/tickets/ticket-link.ts'
import { type Command, numberOption, withInstallation } from '../command.ts'
import { type ChosenPassword, choosePassword, passwordOptions } from '../new-password.ts'

/** The one method that an operator can set up for another account. */
const terminalMethod = 'password'
const inviteHoursDefault = 72
const inviteHoursMax = 24 * 30

export const userAdd: Command = {
  name: 'user add',
  summary: 'Create an account, also if sign-up is closed.',
  options: {
    email: { type: 'string', value: 'ADDRESS', description: 'Its e-mail address' },
    username: { type: 'string', value: 'NAME', description: 'Its username' },
    phone: { type: 'string', value: 'NUMBER', description: 'Its phone number, with + and country code' },
    name: { type: 'string', value: 'TEXT', description: 'Display name' },
    operator: { type: 'boolean', description: 'Make it an operator of this server' },
    service: {
      type: 'boolean',
      description: 'A service account: it has no password; `user issue-key` gives it an API key',
    },
    ...passwordOptions,
    'password-hash': {
      type: 'string',
      value: 'HASH',
      description: 'Import a password hash of another system; it is upgraded at the first sign-in',
    },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const { options } = input
      const text = (name: string) => (typeof options[name] === 'string' ? { [name]: options[name] } : {})
      const importedHash = options['password-hash']
      const chosen =
        typeof importedHash === 'string' || options.service
          ? undefined
          : await choosePassword(input, engine.random)
      const account = await addAccount(engine, {
        identifiers: { ...text('email'), ...text('username'), ...text('phone') },
        name: typeof options.name === 'string' ? options.name : null,
        locale: 'en',
        kind: options.service ? 'service' : 'person',
        role: options.operator ? 'operator' : 'member',
        credential: credentialOf(chosen, importedHash),
        requester: systemRequester(engine),
        actor: 'cli',
      })
      const shown = chosen?.isGenerated ? chosen.password : null
      return {
        data: { id: account.id, role: account.role, password: shown },
        text: shown ? `${account.id}\npassword: ${shown}` : account.id,
      }
    }),
}

function credentialOf(
  chosen: ChosenPassword | undefined,
  importedHash: string | boolean | undefined,
): FirstCredential | null {
  if (chosen) return { method: terminalMethod, answer: { [terminalMethod]: chosen.password } }
  return typeof importedHash === 'string' ? { method: terminalMethod, importedHash } : null
}

export const userInvite: Command = {
  name: 'user invite',
  summary:
    'Print a link for one new account, also if SUMUN_SIGNUP is `invite` or `closed`. Set SUMUN_ISSUER first.',
  options: {
    hours: {
      type: 'string',
      value: 'N',
      description: `How long it is valid (default ${inviteHoursDefault}, at most ${inviteHoursMax})`,
    },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const hours = numberOption(input.options, 'hours', { default: inviteHoursDefault, max: inviteHoursMax })
      const ticket = await issueTicket(engine, {
        purpose: 'invitation',
        subject: null,
        lifetimeSeconds: hours * 3600,
        actor: 'cli',
        replaces: false,
      })
      const link = invitationLink(engine, ticket).reveal()
      return { data: { invitation: ticket.reveal(), link, hours }, text: link }
    }),
}
