import { restoreBackup, writeBackup } from '../../engine/backup.ts'
import { type Command, withInstallation } from '../command.ts'

export const backup: Command = {
  name: 'backup',
  summary: 'Write everything to one file, as of one moment, while servers go on. Keep the master key beside it: it is not in the file.',
  arguments: ['FILE'],
  run: (input) =>
    withInstallation(input, async (installation) => {
      const [path = ''] = input.arguments
      const { rows } = await writeBackup(installation, path)
      return { data: { file: path, rows }, text: `${rows} rows in ${path}` }
    }),
}

export const restore: Command = {
  name: 'restore',
  summary: 'Fill an empty installation from a backup, with the master key it was made with. Everybody has to sign in again.',
  arguments: ['FILE'],
  run: (input) =>
    withInstallation(input, async (installation) => {
      const [path = ''] = input.arguments
      const { rows } = await restoreBackup(installation, path)
      return { data: { file: path, rows }, text: `${rows} rows restored; all sessions are ended` }
    }),
}
