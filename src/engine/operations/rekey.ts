import { createSecretKey, type KeyObject } from 'node:crypto'
import { type MasterKey, masterKeyCheck } from '../../crypto/master-key.ts'
import { createSealer, isSealed } from '../../crypto/seal.ts'
import type { AuditEvent, ChainedEvent } from '../../domain/event.ts'
import type { ConnectionId, CredentialId, SamlApplicationId, TicketId } from '../../domain/id.ts'
import type { Random } from '../../domain/random.ts'
import type { Row } from '../../store/bulk-insert.ts'
import type { InstallationStore } from '../../store/queries/installation.ts'
import { createChainCodes, startFact } from '../audit/hash-chain.ts'
import { samlBinding } from '../clients/saml-applications.ts'
import { connectionBinding } from '../connections/upstreams.ts'
import { credentialBinding } from '../credentials/credential-binding.ts'
import { privateKeyBinding } from '../keys/key-ring.ts'
import { ticketBinding } from '../tickets/challenge.ts'

interface Line {
  table: string
  row: Row
}

const pairwise = { fact: 'pairwise-key', boundTo: 'fact/pairwise-key' } as const

const madeAnew: readonly string[] = [pairwise.fact, startFact, masterKeyCheck.fact]

/** Rows of a backup, from one master key to another. */
export interface Rekeying {
  /** Undefined for what the new key has made anew. */
  translate(line: Line): Line | undefined
  /** What follows the last row. */
  rest(): Line[]
}

/**
 * Re-seals everything that depends on the master key. Audit lines get new MACs and are chained again in their
 * order. Pairwise subjects stay the same: their key is kept, sealed.
 */
export function createRekeying({
  from,
  to,
  random,
}: {
  from: MasterKey
  to: MasterKey
  random: Random
}): Rekeying {
  const [former, next] = [createSealer(from, random), createSealer(to, random)]
  const codes = createChainCodes(to)
  const reseal = (sealed: string, boundTo: string): string => next.seal(former.open(sealed, boundTo), boundTo)
  let keptSubjects: string | undefined

  /** Methods may store sealed values anywhere in a credential's data. */
  function resealAll(value: unknown, boundTo: string): unknown {
    if (typeof value === 'string') return isSealed(value) ? reseal(value, boundTo) : value
    if (Array.isArray(value)) return value.map((part) => resealAll(part, boundTo))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resealAll(part, boundTo)]))
  }

  function eventRow(row: Row): Row {
    const details = row.details === null ? null : (JSON.parse(row.details as string) as AuditEvent['details'])
    const detailsHash =
      details === null ? (row.details_hash as string) : codes.details(row.details_salt as string, details)
    const line = { ...row, details, detailsHash } as unknown as ChainedEvent
    return { ...row, details_hash: detailsHash, mac: codes.written(line), seq: null, chain: null }
  }

  const translations: Readonly<Record<string, (row: Row) => Row | undefined>> = {
    signing_key: (row) =>
      row.private_sealed === ''
        ? row
        : {
            ...row,
            private_sealed: reseal(row.private_sealed as string, privateKeyBinding(row.kid as string)),
          },
    credential: (row) => ({
      ...row,
      data: JSON.stringify(
        resealAll(JSON.parse(row.data as string), credentialBinding(row.id as CredentialId)),
      ),
    }),
    ticket: (row) =>
      row.state === null
        ? row
        : { ...row, state: reseal(row.state as string, ticketBinding(row.id as TicketId)) },
    connection: (row) =>
      row.secret_sealed === null
        ? row
        : {
            ...row,
            secret_sealed: reseal(row.secret_sealed as string, connectionBinding(row.id as ConnectionId)),
          },
    saml_application: (row) => ({
      ...row,
      secret_sealed: reseal(row.secret_sealed as string, samlBinding(row.id as SamlApplicationId)),
    }),
    event: eventRow,
    audit_head: () => undefined,
    fact(row) {
      if (row.name === pairwise.fact) keptSubjects = former.open(row.value as string, pairwise.boundTo)
      return madeAnew.includes(row.name as string) ? undefined : row
    },
  }

  return {
    translate({ table, row }) {
      const translated = translations[table] ? translations[table](row) : row
      return translated && { table, row: translated }
    },
    rest() {
      const subjects = keptSubjects ?? from.for('pairwise-subject').export().toString('base64url')
      return [
        { table: 'fact', row: { name: pairwise.fact, value: next.seal(subjects, pairwise.boundTo) } },
        {
          table: 'fact',
          row: { name: masterKeyCheck.fact, value: next.seal(masterKeyCheck.word, masterKeyCheck.boundTo) },
        },
      ]
    },
  }
}

/** Of the master key, or of the first one where it was replaced. */
export async function pairwiseKeyOf(
  installation: InstallationStore,
  masterKey: MasterKey,
  random: Random,
): Promise<KeyObject> {
  const kept = await installation.find(pairwise.fact)
  if (kept === undefined) return masterKey.for('pairwise-subject')
  return createSecretKey(createSealer(masterKey, random).open(kept, pairwise.boundTo), 'base64url')
}
