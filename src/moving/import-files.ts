import { basename } from 'node:path'
import type { Clock } from '../domain/clock.ts'
import type { ImportFiles, ImportSource, OpenImport } from '../domain/import-source.ts'
import { Problem } from '../domain/problem.ts'
import { type Encoding, encodings } from './format/open-text.ts'
import { detectSource, openFile, tailOf } from './open-file.ts'
import { type Beside, fingerprintOf, readBeside, readOrganisations, readRows } from './read-rows.ts'

const refusal = (detail: string): Problem => new Problem('invalid_fields', { detail })

/** Files of the listed systems. `openScratch`: for second files, which may not fit into memory. */
export function createImportFiles({
  sources,
  openScratch,
  clock,
}: {
  sources: readonly ImportSource[]
  openScratch(): Beside & { close(): void }
  clock: Clock
}): ImportFiles {
  const known = (from: string): ImportSource => {
    const source = sources.find(({ id }) => id === from)
    if (!source)
      throw refusal(`There is no system ${from}; there are ${sources.map(({ id }) => id).join(', ')}`)
    return source
  }

  async function detect(
    path: string,
    given: { from: string | null; encoding: string | null },
  ): Promise<ImportSource> {
    if (given.from !== null) return known(given.from)
    const encoding = encodingNamed(given.encoding)
    return detectSource(await openFile(path, { encoding, sources }), sources)
  }

  return {
    detect,
    async open(path, given): Promise<OpenImport> {
      const source = await detect(path, given)
      const encoding = encodingNamed(given.encoding)
      const reading = { encoding, sources: [source] }
      const open = await openFile(path, reading)
      if (!source.formats.includes(open.format))
        throw refusal(`${source.id} reads ${source.formats.join(', ')}; this file is ${open.format}`)
      if (source.isWhole?.(await tailOf(path)) === false)
        throw refusal(`${basename(path)} ends in the middle: its last line is missing`)
      const { secret, beside } = given
      const scratch = openScratch()
      try {
        if (beside !== null) await readSecond(beside, { source, encoding, beside: scratch })
        const rows = readRows(open, { source, secret, beside: scratch, now: clock.now() })
        const options = { source: source.id, secret, encoding, options: given.options }
        return {
          ...{ source, rows, progress: open.progress, close: scratch.close },
          organisations: source.organisationOf
            ? await readOrganisations(await openFile(path, reading), source.organisationOf)
            : [],
          fingerprint: await fingerprintOf(beside === null ? [path] : [path, beside], options),
        }
      } catch (error) {
        scratch.close()
        throw error
      }
    },
  }
}

function encodingNamed(name: string | null): Encoding | null {
  const encoding = encodings.find((one) => one === name)
  if (name !== null && !encoding)
    throw refusal(`There is no encoding ${name}; there are ${encodings.join(', ')}`)
  return encoding ?? null
}

async function readSecond(
  path: string,
  given: { source: ImportSource; encoding: Encoding | null; beside: Beside },
): Promise<void> {
  if (!given.source.side) throw refusal(`A second file has no use with files of ${given.source.name}`)
  if ((await readBeside(path, given)) === 0)
    throw refusal(`${basename(path)} has nothing to add to files of ${given.source.name}`)
}
