import { type AccountWithIdentifiers, accountStates } from '../../domain/account.ts'
import { toTimestamp } from '../../domain/clock.ts'
import type { AccountId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import { type Command, table, withInstallation } from '../command.ts'
import { findAccount } from '../find-account.ts'

const perPage = 100

const present = ({ id, state, role, name, identifiers, createdAt }: AccountWithIdentifiers) => ({
  id,
  state,
  role,
  name,
  identifiers: identifiers.map(({ kind, display, verifiedAt }) => ({ kind, value: display, verified: verifiedAt !== null })),
  created_at: toTimestamp(createdAt),
})

export const userList: Command = {
  name: 'user list',
  summary: `Accounts, oldest first, ${perPage} at a time.`,
  options: {
    after: { type: 'string', value: 'ACCOUNT', description: 'Go on after this id' },
    state: { type: 'string', value: 'STATE', description: `Only those that are ${accountStates.join(' or ')}` },
    operators: { type: 'boolean', description: 'Only operators' },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const { after, state, operators } = input.options
      if (state !== undefined && !accountStates.some((known) => known === state))
        throw new Problem('invalid_fields', { detail: `--state takes ${accountStates.join(' or ')}` })
      const accounts = await engine.store.accounts.list({
        after: (after as AccountId | undefined) ?? null,
        limit: perPage,
        state: (state as AccountWithIdentifiers['state'] | undefined) ?? null,
        role: operators ? 'operator' : null,
      })
      const data = accounts.map(present)
      const rows = data.map((account) => [
        account.id,
        account.state,
        account.role,
        account.identifiers.map(({ value }) => value).join(' '),
        account.created_at,
      ])
      return { data: { accounts: data }, text: table(['ACCOUNT', 'STATE', 'ROLE', 'IDENTIFIERS', 'CREATED'], rows) }
    }),
}

export const userShow: Command = {
  name: 'user show',
  summary: 'One account, by id or by any identifier.',
  arguments: ['ACCOUNT'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const account = await findAccount(engine, input.arguments[0] as string)
      const credentials = await engine.store.credentials.listByAccount(account.id)
      const data = {
        ...present(account),
        credentials: credentials.map(({ id, kind, createdAt, lastUsedAt }) => ({
          id,
          kind,
          created_at: toTimestamp(createdAt),
          last_used_at: lastUsedAt && toTimestamp(lastUsedAt),
        })),
      }
      return { data, text: JSON.stringify(data, null, 2) }
    }),
}
