#!/usr/bin/env node
// Whole modules: a name that an older Node lacks would end it before it can say what it needs.
import fs from 'node:fs'
import module from 'node:module'
import os from 'node:os'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 9)) {
  process.stderr.write(
    `sumun: needs Node 24.9 or newer, this is ${process.versions.node}; \`npx sumun\` in the project uses the right one\n`,
  )
  process.exit(1)
}

// Else Node opens its debugger, and with it every secret in memory, to whoever may send a signal.
process.on('SIGUSR1', () => undefined)

// Each thread that has hashed keeps its 19 MB, since asking for them anew would cost three quarters of the
// speed (docs/adr/0004); so no more threads than can hash at once. Must be said before the first one starts.
process.env.UV_THREADPOOL_SIZE ??= String(Math.max(2, os.availableParallelism()))

// What is built starts faster; sources that are newer are run as they are, so that an edit is never ignored.
const root = fileURLToPath(new URL('..', import.meta.url))
const built = `${root}dist/main.cjs`
const changedAt = (path) => fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
const isFresh =
  changedAt(built) >
  Math.max(0, ...fs.globSync('src/**/*.ts', { cwd: root }).map((path) => changedAt(root + path)))

module.enableCompileCache(`${root}node_modules/.cache/sumun`)
if (isFresh) module.createRequire(import.meta.url)(built)
else await import(new URL('../src/main.ts', import.meta.url).href)
