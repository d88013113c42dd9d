#!/usr/bin/env node
import { globSync, statSync } from 'node:fs'
import { createRequire, enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 9)) {
  process.stderr.write(
    `sumun: needs Node 24.9 or newer, this is ${process.versions.node}; \`npx sumun\` in the project uses the right one\n`,
  )
  process.exit(1)
}

// Each hash wants 19 MB for a moment. By itself glibc would keep that for every thread that ever hashed; told so at the
// start, it gives it back, which halves the memory of a busy server (docs/adr/0004). The process stays the same one.
if (process.argv[2] === 'start' && process.platform === 'linux' && process.env.MALLOC_MMAP_THRESHOLD_ === undefined) {
  const environment = { ...process.env, MALLOC_MMAP_THRESHOLD_: '1048576', NODE_NO_WARNINGS: '1' }
  process.execve(process.execPath, [process.execPath, '--max-semi-space-size=4', ...process.execArgv, ...process.argv.slice(1)], environment)
}

// What is built starts faster; sources that are newer are run as they are, so that an edit is never ignored.
const root = fileURLToPath(new URL('..', import.meta.url))
const built = `${root}dist/main.cjs`
const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
const isFresh = changedAt(built) > Math.max(0, ...globSync('src/**/*.ts', { cwd: root }).map((path) => changedAt(root + path)))

enableCompileCache(`${root}node_modules/.cache/sumun`)
if (isFresh) createRequire(import.meta.url)(built)
else await import(new URL('../src/main.ts', import.meta.url).href)
