import type { MasterKey } from '../../crypto/master-key.ts'
import { type Clock, toTimestamp } from '../../domain/clock.ts'
import type { AuditEvent, ChainedEvent, EventKind } from '../../domain/event.ts'
import { newEventId } from '../../domain/id.ts'
import type { Random } from '../../domain/random.ts'
import { inBatches } from '../../store/purge.ts'
import type { Some, StoreOf } from '../../store/store.ts'
import {
  type ChainFault,
  type ChainHead,
  createChainCodes,
  readStart,
  trimChain,
  verifyChain,
} from './hash-chain.ts'

const saltBytes = 16
const linesPerSealMax = 500

export interface NewEvent {
  kind: EventKind
  /** An account's id, or `system`, `cli`, `anonymous`. */
  actor: string
  subject: string | null
  outcome?: 'success' | 'failure'
  details?: AuditEvent['details']
  /** False to leave out the request: what is left of a deleted account identifies no one. */
  isTraced?: boolean
}

/** Which request it was, as problem documents and the log name it, and where it came from. */
export interface Trace {
  request: string
  source: string
}

export interface Verification {
  lines: number
  /** Written and not yet chained. */
  waiting: number
  /** The first line that does not verify; null if the chain is intact. */
  fault: ChainFault | null
  /** The last line recorded outside the database; null if none was. */
  anchoredTo: number | null
}

/** Records the head of the chain out of reach of an attacker who controls the database. */
export interface AuditAnchor {
  note(head: ChainHead): Promise<void>
  read(): Promise<ChainHead | undefined>
  /** After a restore: the recorded head belongs to another history. */
  forget(): Promise<void>
}

/**
 * The audit log as a hash chain: each line's MAC covers the line before it, so that a changed, missing or
 * reordered line is detected. A line is written, with its own MAC, in the transaction that it describes, and
 * chained shortly after, so that nodes do not wait for the head of the chain. The head is recorded outside
 * the database, so that the end cannot be cut off.
 */
export interface AuditTrail {
  record(tx: Some<'events'>, event: NewEvent): Promise<void>
  /** The line as it is written, for many at once. */
  draft(event: NewEvent): ChainedEvent
  /** Chains the pending lines. Returns how many. */
  seal(): Promise<number>
  verify(): Promise<Verification>
  /**
   * Chained lines after a place, in their order, each once: what follows the log loses none. `isComplete`:
   * false where lines after the place were trimmed.
   */
  follow(page: { after: number; limit: number }): Promise<{ lines: ChainedEvent[]; isComplete: boolean }>
  /** Deletes the beginning of the chain, up to the first line that is not older. Returns how many lines. */
  trim(before: number): Promise<number>
  /** After a restore. */
  forgetAnchor(): Promise<void>
}

export function createAuditTrail(given: {
  store: StoreOf<'events' | 'installation'>
  clock: Clock
  random: Random
  masterKey: MasterKey
  anchor: AuditAnchor
  /** Undefined outside of a request. */
  trace(): Trace | undefined
}): AuditTrail {
  const { store, clock, random, anchor, trace } = given
  const codes = createChainCodes(given.masterKey)

  async function sealBatch(): Promise<{ count: number; head: ChainHead }> {
    return store.transaction(async (tx) => {
      const head = await tx.events.lockHead()
      const lines = await tx.events.unsealed(linesPerSealMax)
      for (const line of lines) {
        head.seq += 1
        head.chain = codes.line(head.chain, head.seq, line)
        await tx.events.seal({ id: line.id, seq: head.seq, chain: head.chain })
      }
      if (lines.length > 0) await tx.events.moveHead(head)
      return { count: lines.length, head }
    })
  }

  function draft(event: NewEvent): ChainedEvent {
    const { kind, actor, subject, outcome = 'success', details: given = {}, isTraced = true } = event
    const details = { ...(isTraced && trace()), ...given }
    const detailsSalt = random.bytes(saltBytes).toString('base64url')
    const detailsHash = codes.details(detailsSalt, details)
    const id = newEventId({ clock, random })
    const line = { id, at: clock.now(), kind, actor, subject, outcome, details, detailsSalt, detailsHash }
    return { ...line, mac: codes.written(line), seq: null, chain: null }
  }

  const record = (tx: Some<'events'>, event: NewEvent): Promise<void> => tx.events.insert(draft(event))

  return {
    record,
    draft,

    async seal() {
      if ((await store.events.countUnsealed()) === 0) return 0
      let sealed = 0
      for (let batch = linesPerSealMax; batch === linesPerSealMax; sealed += batch) {
        const { count, head } = await sealBatch()
        if (count > 0) await anchor.note(head)
        batch = count
      }
      return sealed
    },

    async verify() {
      const noted = await anchor.read()
      const { lines, fault } = await verifyChain(store, codes, noted)
      return { lines, waiting: await store.events.countUnsealed(), fault, anchoredTo: noted?.seq ?? null }
    },

    async follow(page) {
      const lines = await store.events.listSealed(page)
      const start = await readStart(store, codes)
      return { lines, isComplete: start !== undefined && page.after >= start.seq }
    },

    async trim(before) {
      const trimmed = await inBatches((rows) => trimChain(store, codes, { before, rows }))
      const details = { lines: trimmed, before: toTimestamp(before) }
      if (trimmed > 0)
        await store.transaction((tx) =>
          record(tx, { kind: 'audit.trimmed', actor: 'system', subject: null, details }),
        )
      return trimmed
    },

    forgetAnchor: () => anchor.forget(),
  }
}
