import type { EventId } from './id.ts'

export const eventKinds = [
  'client.created',
  'client.updated',
  'client.removed',
  'client.secret_rotated',
  'client.registration_offered',
  'connection.created',
  'connection.updated',
  'connection.removed',
  'connection.check_held',
  'saml_application.created',
  'saml_application.updated',
  'saml_application.removed',
  'saml_application.entered',
  'organisation.created',
  'organisation.updated',
  'organisation.removed',
  'organisation.domain_claimed',
  'organisation.domain_verified',
  'organisation.domain_lost',
  'organisation.domain_removed',
  'organisation.entered',
  'member.added',
  'member.changed',
  'member.removed',
  'member.invited',
  'member.invitation_withdrawn',
  'consent.given',
  'consent.withdrawn',
  'grant.given',
  'grant.ended',
  'token.revoked',
  'token.issued_for_key',
  'token.exchanged',
  'account.created',
  'account.updated',
  'account.deleted',
  'account.disabled',
  'account.enabled',
  'account.role_changed',
  'sign_in.succeeded',
  'sign_in.refused',
  'sign_in.more_evidence_required',
  'sign_in.throttled',
  'step_up.succeeded',
  'account.recovered',
  'account.claimed',
  'challenge.begun',
  'challenge.approved',
  'credential.added',
  'credential.renamed',
  'credential.removed',
  'credential.reset',
  'credential.disabled',
  'credential.enabled',
  'credential.suspected_copy',
  'credential.updated',
  'credential.confirmed',
  'identifier.change_begun',
  'identifier.verified',
  'identifier.changed',
  'identifier.removed',
  'identifier.restored',
  'session.ended',
  'upstream.event',
  'session.refresh_reused',
  'ticket.issued',
  'signing_key.created',
  'signing_key.rotated',
  'signing_key.retired',
  'signing_key.revoked',
  'api_key.refused',
  'backup.restored',
  'scim_token.created',
  'scim_token.removed',
  'provisioned.user_created',
  'provisioned.user_updated',
  'provisioned.user_removed',
  'provisioned.group_created',
  'provisioned.group_updated',
  'provisioned.group_removed',
  'import.begun',
  'import.finished',
  'audit.trimmed',
] as const
export type EventKind = (typeof eventKinds)[number]

/**
 * One line of the audit log. `subject` and `actor` are ids, which say nothing of a person once the account is
 * gone; whatever does (addresses, names, agents) is in `details`, which deletion of the account empties
 * without breaking the chain.
 */
export interface AuditEvent {
  id: EventId
  at: number
  kind: EventKind
  actor: string
  subject: string | null
  outcome: 'success' | 'failure'
  details: Record<string, string | number | null> | null
}

/** A sealed line: `seq` has no gaps, and `chain` covers everything that came before. */
export interface ChainedEvent extends AuditEvent {
  seq: number | null
  detailsSalt: string
  detailsHash: string
  /** Covers the line from the moment it is written; null in those from before there was one. */
  mac: string | null
  chain: string | null
}
