import {
  type ExportedAccount,
  type ExportedOrganisation,
  exportedAccount,
  exportedOrganisation,
  exportVersion,
} from '../domain/account-export.ts'
import type { ImportSource } from '../domain/import-source.ts'
import { schemaCheck } from '../domain/schema-check.ts'
import { has, imported } from './fields.ts'

const fitsAccount = schemaCheck(exportedAccount)
const fitsOrganisation = schemaCheck(exportedOrganisation)
const isAccount = (value: unknown): value is ExportedAccount => fitsAccount(value)
const isOrganisation = (value: unknown): value is ExportedOrganisation => fitsOrganisation(value)

/** A file of `sumun export`: accounts come as they were, with their ids. */
export const sumun: ImportSource = {
  id: 'sumun',
  name: 'Sumun',
  formats: ['json'],
  recognises: (line) => line.sumun_export === exportVersion,
  isWhole: (tail) => /\n\{"end":\{[^\n]*\}\}\s*$/.test(tail),
  organisationOf: ({ organisation }) => (isOrganisation(organisation) ? organisation : undefined),
  map(line) {
    if (!has(line, 'account')) return undefined
    const { account } = line
    if (!isAccount(account)) return { skip: 'malformed_record', sourceId: null }
    return imported({
      sourceId: account.id,
      identifiers: account.identifiers.map(({ kind, display, verified_at: verified }) => ({
        ...{ kind, text: display, isVerified: verified !== null },
      })),
      name: account.name,
      own: account,
    })
  },
}
