import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Puts a whole file into the folder, or none; only this user can read it. Returns its path. */
export async function writeToFolder(folder: string, name: string, content: string | Buffer): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  const draft = `${path}.part`
  await writeFile(draft, content, { mode: 0o600 })
  await rename(draft, path)
  return path
}
