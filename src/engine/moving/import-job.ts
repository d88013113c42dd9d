import { setTimeout as wait } from 'node:timers/promises'
import type { ImportCounts, ImportLine } from '../../domain/import-report.ts'
import { Problem } from '../../domain/problem.ts'
import type { ImportJob } from '../../store/queries/imports.ts'
import { type ImportWishes, wishesKey } from './import-wishes.ts'
import type { ImportRequest, MovingNeeds } from './needs.ts'
import { restoreOrganisations } from './restore-organisations.ts'
import { openImportJob, rehearseImport, runImport } from './run-import.ts'

/** Small, so that requests do not wait for a batch, and with as long a pause after each. */
const rowsPerBatch = 100
const linesShownMax = 500

export interface Upload {
  path: string
  /** As the caller names it. */
  file: string
  from: string | null
  encoding: string | null
  wishes: ImportWishes
  actor: string
}

/** One at a time in a process; by the store that it writes to. */
const busy = new WeakSet<object>()

/**
 * What an import would do: the counts, and the first lines to look at. Throws `invalid_fields`, `conflict`.
 */
export const rehearseUpload = (
  engine: MovingNeeds,
  upload: Upload,
): Promise<{ source: string; counts: ImportCounts; lines: ImportLine[] }> =>
  alone(engine, async () => {
    const { request, close } = await openUpload(engine, upload, true)
    const lines: ImportLine[] = []
    try {
      const { counts } = await rehearseImport(engine, request, {
        async report(batch) {
          for (const line of batch)
            if (lines.length < linesShownMax && (line.reason !== null || line.warnings.length > 0))
              lines.push(line)
          await wait(1)
        },
      })
      return { source: request.source, counts, lines }
    } finally {
      close()
    }
  })

/**
 * Begins an import, or continues one of the same file, and returns its job; `ended` is called at its end.
 * Throws `invalid_fields`, and `conflict` while another one runs.
 */
export async function startUpload(
  engine: MovingNeeds,
  upload: Upload,
  ended: (error: unknown) => void,
): Promise<ImportJob> {
  const { promise: begun, resolve, reject } = Promise.withResolvers<ImportJob>()
  const work = alone(engine, async () => {
    const { request, close } = await openUpload(engine, upload, false)
    try {
      resolve(await openImportJob(engine, request))
      let startedAt = performance.now()
      await runImport(engine, request, {
        rowsPerBatch,
        async report() {
          await wait(performance.now() - startedAt)
          startedAt = performance.now()
        },
      })
    } finally {
      close()
    }
  })
  work.then(
    () => ended(null),
    (error) => {
      reject(error) // nothing where it had begun
      ended(error)
    },
  )
  return begun
}

async function alone<Result>({ store }: MovingNeeds, work: () => Promise<Result>): Promise<Result> {
  if (busy.has(store)) throw new Problem('conflict', { detail: 'Another import is running on this node' })
  busy.add(store)
  try {
    return await work()
  } finally {
    busy.delete(store)
  }
}

async function openUpload(
  engine: MovingNeeds,
  { path, file, from, encoding, wishes, actor }: Upload,
  isDryRun: boolean,
): Promise<{ request: ImportRequest; close(): void }> {
  const options = wishesKey(wishes)
  const opened = await engine.importFiles.open(path, { from, encoding, options, secret: null, beside: null })
  const { source, fingerprint, rows, close } = opened
  const organisations = await restoreOrganisations(engine, opened.organisations, { actor, isDryRun })
  return {
    request: { ...wishes, source: source.id, file, fingerprint, rows, organisations, actor },
    close,
  }
}
