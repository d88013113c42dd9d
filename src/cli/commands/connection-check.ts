import { UpstreamFault } from '../../domain/connection.ts'
import type { Credential } from '../../domain/credential.ts'
import { Problem } from '../../domain/problem.ts'
import { checkDirectory } from '../../engine/organisations/check-directory.ts'
import { type Command, confirm, confirmation, table, withInstallation } from '../command.ts'
import { connectionNamed } from '../find-connection.ts'

const actor = 'cli'

export const connectionCheck: Command = {
  name: 'connection check',
  summary: 'Ask a directory who is gone, and end their sessions and memberships here.',
  arguments: ['SLUG'],
  options: confirmation,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const connection = await connectionNamed(engine, input)
      const check = (confirmed: number) =>
        checkDirectory(engine, { connection, confirmed, actor }).catch((error) => {
          if (!(error instanceof UpstreamFault)) throw error
          throw new Problem('upstream_unavailable', { detail: error.message, cause: error })
        })
      const found = await check(0)
      if (!found)
        throw new Problem('invalid_fields', {
          detail: `${connection.slug} is no directory that can be searched: that takes LDAP, with a service account`,
        })
      const { checked, gone, isHeld } = found
      const what = `${gone.length} of ${checked} users are gone or disabled there.`
      if (isHeld) {
        await confirm(input, `${what} This ends their sessions and memberships here.`)
        await check(gone.length)
      }
      const users = gone.map(presentUser)
      const rows = users.map(({ account, name, email }) => [account, name ?? '', email ?? ''])
      const text = rows.length === 0 ? what : `${what}\n${table(['ACCOUNT', 'NAME', 'EMAIL'], rows)}`
      return { data: { checked, gone: users, confirmed: isHeld }, text }
    }),
}

function presentUser({ accountId: account, data }: Credential) {
  const { name = null, email = null } = data as { name?: string | null; email?: string | null }
  return { account, name, email }
}
