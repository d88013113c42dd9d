import { type AccountWithIdentifiers, accountStates } from '../../domain/account.ts'
import { toTimestamp } from '../../domain/clock.ts'
import type { AccountId } from '../../domain/id.ts'
import { Problem } from '../../domain/problem.ts'
import { type Command, numberOption, table, withInstallation } from '../command.ts'
import { findAccount } from '../find-account.ts'

const perPage = 100
const perPageMax = 10_000

const present = ({ id, state, role, name, identifiers, createdAt }: AccountWithIdentifiers) => ({
  id,
  state,
  role,
  name,
  identifiers: identifiers.map(({ kind, display, verifiedAt }) => ({
    kind,
    value: display,
    verified: verifiedAt !== null,
  })),
  created_at: toTimestamp(createdAt),
})

export const userList: Command = {
  name: 'user list',
  summary: 'Accounts, oldest first.',
  options: {
    limit: {
      type: 'string',
      value: 'N',
      description: `How many (default ${perPage}, at most ${perPageMax})`,
    },
    after: { type: 'string', value: 'ACCOUNT', description: 'Continue after this id' },
    state: {
      type: 'string',
      value: 'STATE',
      description: `Only accounts that are ${accountStates.join(' or ')}`,
    },
    operators: { type: 'boolean', description: 'Only operators' },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const { after, state, operators } = input.options
      if (state !== undefined && !accountStates.some((known) => known === state))
        throw new Problem('invalid_fields', { detail: `--state takes ${accountStates.join(' or ')}` })
      const limit = numberOption(input.options, 'limit', { default: perPage, max: perPageMax })
      const found = await engine.store.accounts.list({
        after: (after as AccountId | undefined) ?? null,
        limit: limit + 1,
        state: (state as AccountWithIdentifiers['state'] | undefined) ?? null,
        role: operators ? 'operator' : null,
      })
      const accounts = found.slice(0, limit).map(present)
      const next = found.length > limit ? (accounts.at(-1)?.id ?? null) : null
      const more = next === null ? '' : `\nThere are more: --after ${next}`
      return { data: { accounts, next }, text: accountTable(accounts) + more }
    }),
}

export const userFind: Command = {
  name: 'user find',
  summary: 'Accounts with an identifier or a name that has this prefix.',
  arguments: ['TEXT'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const [text = ''] = input.arguments
      const accounts = (await engine.store.accounts.search({ text, limit: perPage })).map(present)
      return { data: { accounts }, text: accountTable(accounts) }
    }),
}

const accountTable = (accounts: readonly ReturnType<typeof present>[]): string =>
  table(
    ['ACCOUNT', 'STATE', 'ROLE', 'IDENTIFIERS', 'NAME', 'CREATED'],
    accounts.map(({ id, state, role, identifiers, name, created_at }) => [
      id,
      state,
      role,
      identifiers.map(({ value }) => value).join(' '),
      name ?? '-',
      created_at,
    ]),
  )

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
