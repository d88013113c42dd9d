import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { SettingsError } from './read.ts'

const secretFiles = ['master.key', 'sumun.sqlite']
const othersMask = 0o077

/** Made where it is missing, for its owner alone. Throws SettingsError with the path and the reason. */
export function ensureDataFolder(data: string): void {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new SettingsError([`--data ${data}: cannot be made (${(error as Error).message})`])
  }
}

/** The files that hold secrets and that others than their owner may read or write. */
export const exposedFiles = (data: string): { path: string; mode: string }[] =>
  secretFiles
    .map((name) => join(data, name))
    .filter((path) => existsSync(path))
    .map((path) => ({ path, bits: statSync(path).mode & 0o777 }))
    .filter(({ bits }) => (bits & othersMask) !== 0)
    .map(({ path, bits }) => ({ path, mode: bits.toString(8) }))
