import type { ChainedEvent, EventKind } from '../domain/event.ts'
import type { Page } from './page.ts'

export interface EventStore {
  insert(event: ChainedEvent): Promise<void>
  unsealed(limit: number): Promise<ChainedEvent[]>
  countUnsealed(): Promise<number>
  /** Takes the place at the end of the chain for this transaction. */
  lockHead(): Promise<{ seq: number; chain: string }>
  seal(line: { id: string; seq: number; chain: string }): Promise<void>
  moveHead(head: { seq: number; chain: string }): Promise<void>
  listSealed(page: Page<number>): Promise<ChainedEvent[]>
  /** Up to that line of the chain; returns how many. */
  trim(upTo: { seq: number }): Promise<number>
  /** Newest first, of those before an id. */
  listFiltered(filter: { subject: string | null; kind: EventKind | null; before: string | null; limit: number }): Promise<ChainedEvent[]>
  /** Empties what could name a person; the chain stays whole. */
  forget(subject: string): Promise<number>
}
