import { Secret } from '../../domain/secret.ts'
import type { TicketNeeds } from './needs.ts'

type At = Pick<TicketNeeds, 'settings'>

// Only ever on the issuer's own address.

/** Where the sign-up page takes an invitation. */
export const invitationLink = ({ settings }: At, ticket: Secret): Secret =>
  new Secret(`${settings.issuer}/signup?invitation=${ticket.reveal()}`)

/** The page that shows what an organisation invites to. */
export const membershipLink = ({ settings }: At, token: string): string =>
  `${settings.issuer}/join?token=${token}`

/** The recovery page for a link issued by an operator. */
export const recoveryLink = ({ settings }: At, ticket: Secret): Secret =>
  new Secret(`${settings.issuer}/recover/link?token=${ticket.reveal()}`)

/** The same in a message, which is sealed until it is sent. */
export const inMessage = (link: Secret, label: string) => ({ url: link.reveal(), label })
