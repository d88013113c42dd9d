import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MasterKey } from '../crypto/master-key.ts'
import type { Random } from '../domain/random.ts'
import { SettingsError } from './read.ts'

const keyBytes = 32
export const masterKeyPath = (data: string): string => join(data, 'master.key')

/**
 * The master key from the setting, or from the data folder, where the first start makes it, readable by its owner
 * alone.
 */
export function loadMasterKey(given: { masterKey: string | undefined; data: string; random: Random }): MasterKey {
  const { masterKey, data, random } = given
  const path = masterKeyPath(data)
  const encoded = masterKey ?? readOrCreate(path, data, random)
  try {
    return new MasterKey(encoded)
  } catch {
    const origin = masterKey === undefined ? path : 'SUMUN_MASTER_KEY'
    throw new SettingsError([
      `${origin}: must be 32 bytes in base64url, 43 characters without padding; \`openssl rand -base64 32 | tr '+/' '-_' | tr -d '='\` makes one`,
    ])
  }
}

function readOrCreate(path: string, data: string, random: Random): string {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 })
    if (existsSync(path)) return readFileSync(path, 'utf8').trim()
    // Of several processes that start together, one links its key in whole and the others read that one.
    const draft = `${path}.${random.bytes(8).toString('hex')}`
    writeFileSync(draft, `${random.bytes(keyBytes).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true })
    try {
      linkSync(draft, path)
    } finally {
      unlinkSync(draft)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new SettingsError([`--data ${data}: cannot be written (${(error as Error).message})`])
  }
  return readFileSync(path, 'utf8').trim()
}
