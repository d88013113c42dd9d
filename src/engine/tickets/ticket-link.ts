import { Secret } from '../../domain/secret.ts'
import type { TicketNeeds } from './needs.ts'

type At = Pick<TicketNeeds, 'settings'>

// Only ever on the issuer's own address.

/** Where the sign-up page takes an invitation. */
export const invitationLink = ({ settings }: At, ticket: Secret): Secret =>
  new Secret(`${settings.issuer}/signup?invitation=${ticket.reveal()}`)

/** Where a person is let in again whom an operator knows. */
export const recoveryLink = ({ settings }: At, ticket: Secret): Secret =>
  new Secret(`${settings.issuer}/recover/link?token=${ticket.reveal()}`)
