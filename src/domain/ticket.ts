import type { TicketId } from './id.ts'

export const ticketPurposes = ['first-operator', 'invitation', 'password-reset'] as const
export type TicketPurpose = (typeof ticketPurposes)[number]

/** A single-use, expiring permission for one purpose and one subject; only a hash of its secret is kept. */
export interface Ticket {
  id: TicketId
  purpose: TicketPurpose
  subject: string | null
  secretHash: string
  createdAt: number
  expiresAt: number
  spentAt: number | null
}
