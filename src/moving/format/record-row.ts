import type { ImportRecord } from '../../domain/import-source.ts'

/** One record of a file, and the line it begins in. */
export type RecordRow = { line: number; record: ImportRecord } | { line: number; isMalformed: true }
