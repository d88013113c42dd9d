import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders: string[] = []

/**
 * An empty folder. Removed when this process ends: the servers of its tests, which write into it, are stopped
 * by then.
 */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sumun-test-'))
  folders.push(path)
  return path
}

process.once('exit', () => {
  for (const path of folders) rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
})
