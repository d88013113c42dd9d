import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { timeOfId } from '../domain/id.ts'

const keptMilliseconds = 7 * 86_400_000
const trimMilliseconds = 3_600_000

/** When a folder is next checked for old files. */
const trimmedAt = new Map<string, number>()

/**
 * Puts a whole file into the folder, or none; only this user can read it. Files of a week before go. Returns
 * its path.
 */
export async function writeToFolder(
  folder: string,
  { id, extension, content }: { id: string; extension: string; content: string | Buffer },
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, id + extension)
  const draft = `${path}.part`
  await writeFile(draft, content, { mode: 0o600 })
  await rename(draft, path)
  const now = timeOfId(id)
  if (now !== undefined && now - (trimmedAt.get(folder) ?? 0) > trimMilliseconds) {
    trimmedAt.set(folder, now)
    await trim(folder, now - keptMilliseconds)
  }
  return path
}

/** By the time in their names: the same clock wrote them. */
async function trim(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const at = timeOfId(name.split('.')[0] as string)
    if (at !== undefined && at < before) await rm(join(folder, name), { force: true })
  }
}
