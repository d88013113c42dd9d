import { updateConnection } from '../../engine/connections/connections.ts'
import { metadataChanges } from '../../engine/connections/metadata-changes.ts'
import { type Command, confirm, confirmation, withInstallation } from '../command.ts'
import { connectionNamed } from '../find-connection.ts'
import { metadataIn, metadataOptions } from '../saml-metadata.ts'
import { sayValue } from '../show-connection.ts'

export const connectionRefresh: Command = {
  name: 'connection refresh',
  summary: 'Read the provider’s metadata anew, show what changes, and ask before it counts.',
  arguments: ['SLUG'],
  options: { ...metadataOptions, ...confirmation },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const connection = await connectionNamed(engine, input)
      const given = await metadataIn(input)
      const { source, changes } = await metadataChanges(engine, { connection, source: given })
      const lines = changes.map(
        ({ setting, former, next }) =>
          `${setting}\n  - ${former === null ? 'not set' : sayValue(former)}\n  + ${sayValue(next)}`,
      )
      if (changes.length === 0)
        return { data: { changes, changed: false }, text: `${connection.slug} is as its metadata says` }
      await confirm(input, `${lines.join('\n')}\nThis changes ${connection.slug}.`)
      const change = { metadata: source }
      await updateConnection(engine, { connection, revision: null, change, actor: 'cli' })
      return { data: { changes, changed: true }, text: `${lines.join('\n')}\nchanged ${connection.slug}` }
    }),
}
