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
import type { FactStore } from './store/queries/facts.ts'

/**
 * The master key that this database is sealed with. One is made only where nothing was ever sealed: a new one
 * beside an old database would open nothing. Throws SettingsError, in words, where it is missing, another
 * one, or one that could be guessed.
 */
export async function masterKeyInUse(given: {
  facts: FactStore
  masterKey: string | undefined
  data: string
  random: Random
  log: Logger
}): Promise<MasterKey> {
  const { facts, data, random, log } = given
  const kept = await facts.find(masterKeyCheck.fact)
  const found = readMasterKey(given)
  const origin = given.masterKey === undefined ? masterKeyPath(data) : 'SUMUN_MASTER_KEY'
  if (!found && kept !== undefined)
    throw new SettingsError([
      `${origin}: the master key of this database is missing; put it back from where you keep it. Without it nothing that was sealed can be read, and a new one would not fit`,
    ])
  if (found?.looksGuessable) {
    if (kept === undefined)
      throw new SettingsError([
        `${origin}: this key could be guessed; it must be 32 random bytes. ${howToMakeOne}`,
      ])
    log.warn(
      { event: 'master_key.guessable' },
      `${origin}: this key could be guessed; it should have been 32 random bytes`,
    )
  }
  const masterKey = found ?? createMasterKey({ data, random })
  const sealer = createSealer(masterKey, random)
  const sealed = await facts.keepFirst(
    masterKeyCheck.fact,
    sealer.seal(masterKeyCheck.word, masterKeyCheck.boundTo),
  )
  try {
    sealer.open(sealed, masterKeyCheck.boundTo)
  } catch {
    if (!found) removeMasterKey(data) // another node was first
    throw new SettingsError([
      `${origin}: this database was sealed with another master key; give the one it was made with (SUMUN_MASTER_KEY, or master.key of its data folder)`,
    ])
  }
  return masterKey
}
