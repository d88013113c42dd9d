import { existsSync, linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MasterKey } from '../crypto/master-key.ts'
import type { Random } from '../domain/random.ts'
import { ensureDataFolder } from './data-folder.ts'
import { SettingsError } from './read.ts'

const keyBytes = 32
export const masterKeyPath = (data: string): string => join(data, 'master.key')

interface Place {
  /** The setting. */
  masterKey?: string | undefined
  data: string
}

/**
 * The master key from the setting, or from the data folder; undefined if there is none yet. Throws
 * SettingsError.
 */
export function readMasterKey({ masterKey, data }: Place): MasterKey | undefined {
  const path = masterKeyPath(data)
  const encoded = masterKey ?? (existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined)
  if (encoded === undefined) return undefined
  try {
    return new MasterKey(encoded)
  } catch {
    const origin = masterKey === undefined ? path : 'SUMUN_MASTER_KEY'
    throw new SettingsError([
      `${origin}: must be 32 bytes in base64url, 43 characters without padding; ${howToMakeOne}`,
    ])
  }
}

/**
 * Makes one in the data folder, readable by its owner alone. Of several processes that start together, one
 * makes it and all read it.
 */
export function createMasterKey({ data, random }: Pick<Place, 'data'> & { random: Random }): MasterKey {
  const path = masterKeyPath(data)
  ensureDataFolder(data)
  const draft = `${path}.${random.bytes(8).toString('hex')}`
  try {
    writeFileSync(draft, `${random.bytes(keyBytes).toString('base64url')}\n`, {
      mode: 0o600,
      flag: 'wx',
      flush: true,
    })
    try {
      linkSync(draft, path)
    } finally {
      unlinkSync(draft)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new SettingsError([`--data ${data}: cannot be written (${(error as Error).message})`])
  }
  return readMasterKey({ data }) as MasterKey
}

/** Removes a key that was just created and has sealed nothing. */
export const removeMasterKey = (data: string): void => rmSync(masterKeyPath(data), { force: true })

export const howToMakeOne = "`openssl rand -base64 32 | tr '+/' '-_' | tr -d '='` makes one"
