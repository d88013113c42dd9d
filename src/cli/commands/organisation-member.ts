import { toDay } from '../../domain/clock.ts'
import { type Locale, locales } from '../../domain/locale.ts'
import { Problem } from '../../domain/problem.ts'
import { inviteMember } from '../../engine/organisations/invitations.ts'
import { addMember, listMembers, removeMember, updateMember } from '../../engine/organisations/members.ts'
import { presentMember } from '../../engine/organisations/present-organisation.ts'
import { type Command, confirm, confirmation, listOf, table, textOf, withInstallation } from '../command.ts'
import { findAccount } from '../find-account.ts'
import { findOrganisation } from '../find-organisation.ts'

const listMax = 10_000
const actor = 'cli'
const roles = {
  roles: {
    type: 'string',
    value: 'LIST',
    description: 'Such as admin,billing; `admin` manages the organisation',
  },
} as const

export const orgMemberAdd: Command = {
  name: 'org member add',
  summary: 'Make an account a member.',
  arguments: ['ORGANISATION', 'ACCOUNT'],
  options: roles,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const organisation = await findOrganisation(engine, input)
      const { id: accountId } = await findAccount(engine, input.arguments[1] as string)
      const given = { organisation, accountId, roles: listOf(input, 'roles'), actor }
      const data = presentMember(await addMember(engine, { ...given, source: 'operator' }))
      return { data, text: `${accountId} is a member of ${organisation.slug}` }
    }),
}

export const orgMemberList: Command = {
  name: 'org member list',
  summary: 'Members of an organisation.',
  arguments: ['ORGANISATION'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const { id } = await findOrganisation(engine, input)
      const members = (await listMembers(engine, id, { after: null, limit: listMax })).map(presentMember)
      const rows = members.map(({ account_id, name, email, roles, source }) => [
        ...[account_id, name ?? '', email ?? '', roles.join(','), source],
      ])
      return { data: { members }, text: table(['ACCOUNT', 'NAME', 'E-MAIL', 'ROLES', 'SOURCE'], rows) }
    }),
}

export const orgMemberRole: Command = {
  name: 'org member role',
  summary: 'Replace the roles of a member. The sessions for the organisation end.',
  arguments: ['ORGANISATION', 'ACCOUNT'],
  options: roles,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const organisation = await findOrganisation(engine, input)
      const { id: accountId } = await findAccount(engine, input.arguments[1] as string)
      const change = { roles: listOf(input, 'roles') }
      const given = { organisation, accountId, change, actor, byOperator: true }
      const { roles: now } = await updateMember(engine, given)
      return {
        data: { account_id: accountId, roles: now },
        text: `${accountId}: ${now.join(',') || 'no role'}`,
      }
    }),
}

export const orgMemberRemove: Command = {
  name: 'org member remove',
  summary: 'Remove a member, even the last admin. The account stays.',
  arguments: ['ORGANISATION', 'ACCOUNT'],
  options: confirmation,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const organisation = await findOrganisation(engine, input)
      const { id: accountId } = await findAccount(engine, input.arguments[1] as string)
      await confirm(input, `This takes ${accountId} out of ${organisation.name}.`)
      await removeMember(engine, { organisation, accountId, actor, byOperator: true })
      return { data: { removed: accountId }, text: `removed ${accountId}` }
    }),
}

export const orgInvite: Command = {
  name: 'org invite',
  summary: 'Invite someone to an organisation by mail; a running server sends it.',
  arguments: ['ORGANISATION', 'EMAIL'],
  options: {
    ...roles,
    locale: { type: 'string', value: 'LANGUAGE', description: `Of ${locales.join(', ')} (default: en)` },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const organisation = await findOrganisation(engine, input)
      const locale = (textOf(input, 'locale') ?? 'en') as Locale
      if (!locales.includes(locale))
        throw new Problem('invalid_fields', { detail: `--locale takes one of ${locales.join(', ')}` })
      const [, email = ''] = input.arguments
      const given = { organisation, email, roles: listOf(input, 'roles'), locale, actor }
      const { id, expiresAt } = await inviteMember(engine, given)
      const until = toDay(expiresAt)
      return {
        data: { id, email, expires_on: until },
        text: `invited ${email} to ${organisation.slug}, until ${until}`,
      }
    }),
}
