import type { Logger } from 'pino'
import { type MasterKey, masterKeyCheck } from './crypto/master-key.ts'
import { createSealer } from './crypto/seal.ts'
import type { Random } from './domain/random.ts'
import {
  createMasterKey,
  howToMakeOne,
  masterKeyPath,
  readMasterKey,
  removeMasterKey,
} from './settings/master-key.ts'
import { SettingsError } from './settings/read.ts'
import type { InstallationStore } from './store/queries/installation.ts'

/**
 * The master key that this database is sealed with. One is made only where nothing was ever sealed: a new one
 * beside an old database would open nothing. Throws SettingsError, in words, where it is missing, another
 * one, or one that could be guessed.
 */
export async function masterKeyInUse(given: {
  installation: InstallationStore
  masterKey: string | undefined
  data: string
  random: Random
  log: Logger
}): Promise<MasterKey> {
  const { installation, data, random, log } = given
  const kept = await installation.find(masterKeyCheck.fact)
  const found = readMasterKey(given)
  const origin = given.masterKey === undefined ? masterKeyPath(data) : 'SUMUN_MASTER_KEY'
  if (!found && kept !== undefined)
    throw new SettingsError([
      `${origin}: the master key of this database is missing; restore it from your copy. Without it sealed secrets cannot be read, and a new key would not match`,
    ])
  if (found?.looksGuessable) {
    if (kept === undefined)
      throw new SettingsError([
        `${origin}: this key can be guessed; it must be 32 random bytes. ${howToMakeOne}`,
      ])
    log.warn(
      { event: 'master_key.guessable' },
      `${origin}: this key can be guessed; it should be 32 random bytes`,
    )
  }
  const masterKey = found ?? createMasterKey({ data, random })
  const sealer = createSealer(masterKey, random)
  const sealed = await installation.keepFirst(
    masterKeyCheck.fact,
    sealer.seal(masterKeyCheck.word, masterKeyCheck.boundTo),
  )
  try {
    sealer.open(sealed, masterKeyCheck.boundTo)
  } catch {
    if (!found) removeMasterKey(data) // another node was first
    throw new SettingsError([
      `${origin}: this database was sealed with another master key; use that one (SUMUN_MASTER_KEY, or master.key in its data folder)`,
    ])
  }
  return masterKey
}
