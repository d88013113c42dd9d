import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// What was decided once, and what changed once, keeps the names of its time.
const isHistory = (path: string): boolean => path.startsWith('docs/adr/') || path === 'CHANGELOG.md'
const roots = ['.', 'src', 'docs']

/**
 * Files that a document names in backticks, or links to, and that are not there; one line each. A name may be
 * a glob.
 */
export const missingFiles = (root: string): string[] =>
  globSync('{*.md,docs/**/*.md,sdk/*.md}', { cwd: root })
    .filter((path) => !isHistory(path))
    .flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8')
      const inTicks = [...text.matchAll(/`((?:[\w.@*{},-]+\/)+(?:[\w.*{},-]+\.(?:ts|cjs|js|json))?)`/g)].map(
        ([, name]) => name as string,
      )
      const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(([, name]) =>
        join(path, '..', name as string),
      )
      const isThere = (name: string): boolean =>
        roots.some((folder) => globSync(name, { cwd: join(root, folder) }).length > 0)
      return [...new Set([...inTicks, ...linked])]
        .filter((name) => !isThere(name))
        .map((name) => `${path} names ${name}`)
    })
