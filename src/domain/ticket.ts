import type { AccountId, TicketId } from './id.ts'

export const ticketPurposes = [
  'first-operator',
  'invitation',
  'recovery',
  'challenge',
  'enrolment',
  'identifier-change',
  'identifier-undo',
] as const
export type TicketPurpose = (typeof ticketPurposes)[number]

/** A single-use, expiring permission for one purpose and one subject; only a hash of its secret is kept. */
export interface Ticket {
  id: TicketId
  purpose: TicketPurpose
  /** Whom or what it is for; a challenge's is the attempt and the method. */
  subject: string | null
  /** The account it belongs to, if any: what ends its sessions withdraws it. */
  accountId: AccountId | null
  secretHash: string
  /** What the holder must not see, sealed and bound to this ticket. */
  state: string | null
  /** How many answers may still be looked at. */
  triesLeft: number
  createdAt: number
  expiresAt: number
  spentAt: number | null
}
