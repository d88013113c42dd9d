import { toTimestamp } from '../../domain/clock.ts'
import type { CredentialId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import { dropCredential } from '../../engine/accounts/manage-account.ts'
import { issueKey } from '../../engine/credentials/issue-key.ts'
import { type Command, withInstallation } from '../command.ts'
import { findAccount } from '../find-account.ts'

export const userRemoveCredential: Command = {
  name: 'user remove-credential',
  summary:
    'Remove a credential from an account, such as a lost authenticator; `user show` lists them. Ends its sessions.',
  arguments: ['ACCOUNT', 'CREDENTIAL'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const [name = '', id = ''] = input.arguments
      const account = await findAccount(engine, name)
      await dropCredential(engine, { account, id: id as CredentialId, actor: 'cli' })
      return { data: { account: account.id, removed: id }, text: `${id} is gone` }
    }),
}

export const userIssueKey: Command = {
  name: 'user issue-key',
  summary: 'Create an API key, and print it once.',
  arguments: ['ACCOUNT'],
  options: {
    name: { type: 'string', value: 'NAME', description: 'What it is for' },
    scope: { type: 'string', value: 'SCOPE', description: 'What it may do, separated by spaces' },
    days: { type: 'string', value: 'N', description: 'How long it is valid (default 90)' },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const { name, scope, days } = input.options as Record<string, string | undefined>
      const account = await findAccount(engine, input.arguments[0] as string)
      const expiresInDays = days === undefined ? undefined : Number(days)
      if (
        expiresInDays !== undefined &&
        !(Number.isInteger(expiresInDays) && expiresInDays > 0 && expiresInDays <= 730)
      )
        throw new Problem('invalid_fields', { detail: '--days takes a number from 1 to 730' })
      const { credential, key } = await issueKey(engine, {
        account,
        name: name ?? 'key',
        scope,
        expiresInDays,
        actor: 'cli',
      })
      const data = {
        id: credential.id,
        account: account.id,
        key,
        created_at: toTimestamp(credential.createdAt),
      }
      return { data, text: key }
    }),
}
