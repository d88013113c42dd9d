import { readFileSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import { type Brand, brandDocument, brandFaults } from '../domain/brand.ts'
import { documentFaults } from './document-faults.ts'
import { SettingsError } from './read.ts'

const imageTypes: Readonly<Record<string, string>> = { '.svg': 'svg+xml', '.png': 'png', '.webp': 'webp' }

/** A file's brand; `logo` may also name an image beside it. Throws SettingsError with every fault. */
export async function readBrand(path: string | undefined): Promise<Brand> {
  if (path === undefined) return {}
  const given = await readObject(path)
  const brand =
    typeof given.logo === 'string' && !given.logo.startsWith('data:')
      ? { ...given, logo: readImage(path, given.logo) }
      : given
  const misshapen = documentFaults(brandDocument, brand, 'entry').map(
    ({ at, what }) => `${at.join('.')}: ${what}`,
  )
  const faults = misshapen.length > 0 ? misshapen : brandFaults(brand as Brand)
  if (faults.length > 0) throw new SettingsError(faults.map((fault) => `${path}: ${fault}`))
  return brand as Brand
}

async function readObject(path: string): Promise<Record<string, unknown>> {
  let value: unknown
  try {
    const content = readFileSync(path, 'utf8')
    value = extname(path) === '.json' ? JSON.parse(content) : (await import('yaml')).parse(content)
  } catch (error) {
    throw new SettingsError([`${path}: cannot be read (${(error as Error).message})`])
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new SettingsError([`${path}: must contain one object`])
}

function readImage(path: string, logo: string): string {
  const type = imageTypes[extname(logo)]
  if (type === undefined)
    throw new SettingsError([`${path}: logo: must be one of ${Object.keys(imageTypes).join(', ')}`])
  try {
    return `data:image/${type};base64,${readFileSync(resolve(dirname(path), logo)).toString('base64')}`
  } catch (error) {
    throw new SettingsError([`${path}: logo: cannot be read (${(error as Error).message})`])
  }
}
