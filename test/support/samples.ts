import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../../shared/samples')

/** For node:test: false, or why files of other systems are not there. */
export const samplesMissing: false | string = existsSync(root)
  ? false
  : 'no samples in ../shared/samples; CONTRIBUTING.md says where to get them'

export const sample = (path: string): string => join(root, path)
