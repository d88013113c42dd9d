import { existsSync } from 'node:fs'
import { MasterKey } from '../../crypto/master-key.ts'
import { checkBackup, restoreBackup, writeBackup } from '../../engine/operations/backup.ts'
import { SettingsError } from '../../settings/read.ts'
import { type Command, withInstallation } from '../command.ts'

export const backup: Command = {
  name: 'backup',
  summary:
    'Write everything to one file, as of one moment, while servers continue. Keep the master key beside it: it is not in the file.',
  arguments: ['FILE'],
  options: { overwrite: { type: 'boolean', description: 'Replace the file where it exists' } },
  run: async (input) => {
    const [path = ''] = input.arguments
    if (existsSync(path) && !input.options.overwrite)
      throw new Error(`${path} exists already; name another file, or say --overwrite`)
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
    'Fill an empty installation from a backup, with the master key it was made with. Everybody has to sign in again.',
  arguments: ['FILE'],
  options: {
    'old-key-stdin': {
      type: 'boolean',
      description:
        'The key it was made with comes from standard input, and is replaced: everything is sealed with the one of here',
    },
  },
  run: async (input) => {
    const [path = ''] = input.arguments
    const masterKey = input.program.masterKey(input.settings)
    const oldKey = input.options['old-key-stdin'] ? readOldKey(await input.readInput()) : null
    const madeWith = oldKey ?? masterKey
    if (!madeWith)
      throw new SettingsError([
        `${path} opens only with the master key it was made with: set SUMUN_MASTER_KEY, or put its master.key into ${input.settings.server.data}`,
      ])
    await checkBackup(madeWith, path) // before anything is made here that would hold on to a wrong key
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
