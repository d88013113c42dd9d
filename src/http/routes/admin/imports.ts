import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Static, Type } from 'typebox'
import { toTimestamp } from '../../../domain/clock.ts'
import type { ImportId } from '../../../domain/id.ts'
import { Problem } from '../../../domain/problem.ts'
import { rehearseUpload, startUpload, type Upload } from '../../../engine/moving/import-job.ts'
import { connectionsBySlug } from '../../../engine/moving/import-wishes.ts'
import { organisationNamed } from '../../../engine/organisations/organisations.ts'
import { type ImportJob, importStates } from '../../../store/queries/imports.ts'
import { operator } from '../../caller/guards.ts'
import type { HttpContext } from '../../context.ts'
import { next, pageQuery, readPage } from '../../schema/paging.ts'
import { anything, idOf, timestamp } from '../../schema/schemas.ts'
import { createFailureLog } from '../../server/log-failure.ts'
import { route } from '../../server/route.ts'

/** What is larger goes by the command line, on the machine itself. */
const fileBytesMax = 256 * 1024 * 1024
const fileType = 'application/octet-stream'

const count = (description: string) => Type.Integer({ minimum: 0, description })
const counts = {
  rows: count('Rows that are dealt with'),
  new: count('New accounts'),
  joined: count('Added to accounts that are there'),
  skipped: count('Skipped'),
  reasons: Type.Record(Type.String(), Type.Integer(), { description: 'Why rows are skipped' }),
  warnings: Type.Record(Type.String(), Type.Integer(), { description: 'What is not taken over' }),
  hashes: Type.Record(Type.String(), Type.Integer(), { description: 'Password hashes, by kind and cost' }),
}
const jobSchema = Type.Object(
  {
    id: idOf('imp'),
    source: Type.String({ description: 'The system that the file is from' }),
    file: Type.String(),
    state: Type.Enum([...importStates]),
    ...counts,
    created_at: timestamp('When it began'),
    updated_at: timestamp('When it last went on'),
  },
  { $id: 'Import', description: 'An import of accounts' },
)
const wanted = Type.Object(
  {
    file: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'What the file is called' }),
    ),
    from: Type.Optional(Type.String({ maxLength: 32, description: 'The system; found by itself otherwise' })),
    encoding: Type.Optional(Type.String({ maxLength: 32 })),
    organisation: Type.Optional(
      Type.String({ maxLength: 64, description: 'Whose members all become; groups become roles' }),
    ),
    join: Type.Optional(
      Type.Enum(['true', 'false'], { description: 'Add to accounts with the same verified address' }),
    ),
  },
  { additionalProperties: false },
)

/** How far imports are. */
export function adminImportRoutes(context: HttpContext): void {
  const { engine } = context

  route(context, 'GET /v1/admin/imports', {
    operationId: 'listImports',
    tag: 'admin',
    summary: 'Imports, oldest first',
    guard: operator('reads'),
    query: Type.Object(pageQuery('imp'), { additionalProperties: false }),
    reply: Type.Object({ imports: Type.Array(jobSchema), next }),
    async handler({ query }) {
      const found = await readPage(query, (page: { after: ImportId | null; limit: number }) =>
        engine.store.imports.list(page),
      )
      return { imports: found.page.map(presentJob), next: found.next }
    },
  })

  route(context, 'GET /v1/admin/imports/:id', {
    operationId: 'getImport',
    tag: 'admin',
    summary: 'How far an import is',
    guard: operator('reads'),
    params: Type.Object({ id: idOf('imp') }),
    reply: jobSchema,
    errors: ['not_found'],
    async handler({ params }) {
      const job = await engine.store.imports.find(params.id as ImportId)
      if (!job) throw new Problem('not_found')
      return presentJob(job)
    },
  })
}

/** Imports of accounts of other systems: the file is the body of the request. */
export function adminImportChangeRoutes(context: HttpContext): void {
  const { app, engine, log } = context
  const logFailure = createFailureLog(log)
  const shared = { tag: 'admin' as const, guard: operator('changes'), consumes: [fileType], query: wanted }

  void app.register(async (own) => {
    own.addContentTypeParser(fileType, (_request, payload, done) => done(null, payload))

    route({ ...context, app: own }, 'POST /v1/admin/imports', {
      ...shared,
      operationId: 'startImport',
      summary: 'Import accounts of another system; the body is its file',
      description:
        'It runs on this node, one at a time, beside requests. The same file again continues an import that was stopped. Hashes that need a secret, second files, and files over 256 MB go by `sumun import`.',
      status: 201,
      reply: jobSchema,
      errors: ['invalid_fields', 'not_found', 'conflict', 'body_too_large', 'unsupported_media_type'],
      async handler({ query, request, granted: { actor } }) {
        const kept = await keepFile(request.body)
        const clean = () => rm(kept.folder, { recursive: true, force: true }).catch(() => undefined)
        try {
          const upload = await uploadOf(kept.path, query, actor)
          return presentJob(
            await startUpload(engine, upload, (error) => {
              void clean()
              if (error && !(error instanceof Problem && error.status < 500))
                logFailure({
                  ...{ level: 'error', event: 'import.failed', fields: { file: upload.file }, err: error },
                  message: 'An import stopped; the same file again continues it',
                })
            }),
          )
        } catch (error) {
          await clean()
          throw error
        }
      },
    })

    route({ ...context, app: own }, 'POST /v1/admin/imports/rehearsal', {
      ...shared,
      operationId: 'rehearseImport',
      summary: 'What an import would do; writes nothing',
      reply: Type.Object({
        source: Type.String(),
        ...counts,
        lines: Type.Array(anything, { description: 'The first 500 lines to look at' }),
      }),
      errors: ['invalid_fields', 'not_found', 'conflict', 'body_too_large', 'unsupported_media_type'],
      async handler({ query, request, granted: { actor } }) {
        const kept = await keepFile(request.body)
        try {
          const { source, counts, lines } = await rehearseUpload(
            engine,
            await uploadOf(kept.path, query, actor),
          )
          return { source, ...counts, lines: lines.map((line) => ({ ...line })) }
        } finally {
          await rm(kept.folder, { recursive: true, force: true })
        }
      },
    })
  })

  /** Throws `not_found` if there is no such organisation. */
  async function uploadOf(path: string, query: Static<typeof wanted>, actor: string): Promise<Upload> {
    const { file = 'upload', from = null, encoding = null, organisation: named, join } = query
    const organisation = named === undefined ? null : await organisationNamed(engine, named)
    if (organisation === undefined)
      throw new Problem('not_found', { detail: `There is no organisation ${named}` })
    const connections = await connectionsBySlug(engine)
    const wishes = {
      organisation,
      connections,
      joins: join === 'true',
      keepsRoles: false,
      asksOldSystem: false,
    }
    return { path, file, from, encoding, wishes, actor }
  }
}

const presentJob = (job: ImportJob): Static<typeof jobSchema> => ({
  ...{ id: job.id, source: job.source, file: job.file, state: job.state, ...job.counts },
  ...{ created_at: toTimestamp(job.createdAt), updated_at: toTimestamp(job.updatedAt) },
})

/** In a folder of its own, for its owner alone. Throws `unsupported_media_type`, `body_too_large`. */
async function keepFile(body: unknown): Promise<{ folder: string; path: string }> {
  if (typeof (body as Readable | null)?.pipe !== 'function') throw new Problem('unsupported_media_type')
  const folder = await mkdtemp(join(tmpdir(), 'sumun-import-'))
  const path = join(folder, 'file')
  try {
    await pipeline(body as Readable, bounded, createWriteStream(path, { mode: 0o600 }))
    return { folder, path }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function* bounded(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > fileBytesMax) throw new Problem('body_too_large')
    yield chunk
  }
}
