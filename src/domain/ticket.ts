import type { AccountId, TicketId } from './id.ts'

export const ticketPurposes = [
  'first-operator',
  'invitation',
  'membership',
  'recovery',
  'challenge',
  'enrolment',
  'identifier-change',
  'identifier-undo',
  'link',
  'upstream-event',
  'turn',
  'departure',
] as const
export type TicketPurpose = (typeof ticketPurposes)[number]

/** A single-use, expiring permission for one purpose and one subject; only a hash of its secret is kept. */
export interface Ticket {
  id: TicketId
  purpose: TicketPurpose
  /** What it is for; for a challenge, the attempt and the method. */
  subject: string | null
  /** The account it belongs to, if any: what ends its sessions withdraws it. */
  accountId: AccountId | null
  secretHash: string
  /** Hidden from the holder: sealed, and bound to this ticket. */
  state: string | null
  /** Remaining tries. */
  triesLeft: number
  createdAt: number
  expiresAt: number
  spentAt: number | null
}
