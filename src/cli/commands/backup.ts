import { existsSync } from 'node:fs'
import { MasterKey } from '../../crypto/master-key.ts'
import { checkBackup, restoreBackup, writeBackup } from '../../engine/operations/backup.ts'
import { SettingsError } from '../../settings/read.ts'
import { type Command, withInstallation } from '../command.ts'

export const backup: Command = {
  name: 'backup',
  summary:
    'Write a consistent backup to one file while servers continue. Keep the master key with it: it is not in the file.',
  arguments: ['FILE'],
  options: { overwrite: { type: 'boolean', description: 'Replace an existing file' } },
  run: async (input) => {
    const [path = ''] = input.arguments
    if (existsSync(path) && !input.options.overwrite)
      throw new Error(`${path} exists already; choose another file, or add --overwrite`)
    return withInstallation(input, async (installation) => {
      const { rows } = await writeBackup(installation, path, (rows) => input.progress(`${rows} rows`))
      input.progress('')
      return { data: { file: path, rows }, text: `${rows} rows in ${path}` }
    })
  },
}

export const restore: Command = {
  name: 'restore',
  summary:
    'Restore a backup into an empty installation, with the master key of the backup. All users have to sign in again.',
  arguments: ['FILE'],
  options: {
    'old-key-stdin': {
      type: 'boolean',
      description:
        'Read the backup’s master key from standard input, and seal everything with this installation’s key instead',
    },
  },
  run: async (input) => {
    const [path = ''] = input.arguments
    const masterKey = input.program.masterKey(input.settings)
    const oldKey = input.options['old-key-stdin'] ? readOldKey(await input.readInput()) : null
    const madeWith = oldKey ?? masterKey
    if (!madeWith)
      throw new SettingsError([
        `${path} opens only with the master key of its installation: set SUMUN_MASTER_KEY, or copy its master.key to ${input.settings.server.data}`,
      ])
    await checkBackup(madeWith, path) // before a key is created here that would be the wrong one
    return withInstallation(input, async (installation) => {
      const { rows } = await restoreBackup(installation, {
        path,
        oldKey,
        progress: (rows) => input.progress(`${rows} rows`),
      })
      input.progress('')
      return { data: { file: path, rows }, text: `${rows} rows restored; all sessions are ended` }
    })
  },
}

function readOldKey(text: string): MasterKey {
  try {
    return new MasterKey(text.trim())
  } catch {
    throw new SettingsError(['standard input: must be the old master key, 32 bytes in base64url'])
  }
}
