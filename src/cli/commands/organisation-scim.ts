import { toTimestamp } from '../../domain/clock.ts'
import type { ScimTokenId } from '../../domain/id.ts'
import { issueScimToken, removeScimToken } from '../../engine/provisioning/scim-tokens.ts'
import {
  type Command,
  confirm,
  confirmation,
  numberOption,
  table,
  textOf,
  withInstallation,
} from '../command.ts'
import { findOrganisation } from '../find-organisation.ts'

const actor = 'cli'
const daysMax = 3_650

export const orgScimAdd: Command = {
  name: 'org scim add',
  summary:
    'Make a token by which the directory of an organisation keeps its users and groups here (SCIM 2.0).',
  arguments: ['ORGANISATION'],
  options: {
    name: { type: 'string', value: 'TEXT', description: 'What it is for, such as Okta (default: SCIM)' },
    days: { type: 'string', value: 'N', description: 'How long it is valid (default: until it is removed)' },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const organisation = await findOrganisation(engine, input)
      const days =
        input.options.days === undefined
          ? null
          : numberOption(input.options, 'days', { default: 1, max: daysMax })
      const { token, secret } = await issueScimToken(engine, {
        ...{ organisation, days, actor, name: textOf(input, 'name') ?? 'SCIM' },
      })
      const base = `${engine.settings.issuer}/scim/v2`
      return {
        data: { id: token.id, name: token.name, token: secret.reveal(), base_url: base },
        text: `base URL: ${base}\ntoken:    ${secret.reveal()}\nIt is not shown again.`,
      }
    }),
}

export const orgScimList: Command = {
  name: 'org scim list',
  summary: 'The SCIM tokens of an organisation.',
  arguments: ['ORGANISATION'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const { id } = await findOrganisation(engine, input)
      const time = (at: number | null): string | null => (at === null ? null : toTimestamp(at))
      const tokens = (await engine.store.scimTokens.list(id)).map((token) => ({
        ...{ id: token.id, name: token.name, created_at: time(token.createdAt) },
        ...{ expires_at: time(token.expiresAt), last_used_at: time(token.lastUsedAt) },
      }))
      const rows = tokens.map((token) => [
        ...[token.id, token.name, token.last_used_at ?? 'never used', token.expires_at ?? ''],
      ])
      return { data: { tokens }, text: table(['ID', 'NAME', 'LAST USED', 'EXPIRES'], rows) }
    }),
}

export const orgScimRemove: Command = {
  name: 'org scim remove',
  summary: 'Remove a SCIM token; what it made stays.',
  arguments: ['ORGANISATION', 'TOKEN'],
  options: confirmation,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const [, id = ''] = input.arguments
      const organisation = await findOrganisation(engine, input)
      await confirm(input, `The directory that uses ${id} cannot change ${organisation.name} any more.`)
      await removeScimToken(engine, { organisation, id: id as ScimTokenId, actor })
      return { data: { removed: id }, text: `removed ${id}` }
    }),
}
