import type { Secret } from '../../domain/secret.ts'
import { issueTicket } from '../tickets/issue-ticket.ts'
import { invitationLink } from '../tickets/ticket-link.ts'
import type { SignUpNeeds } from './needs.ts'

const lifetimeSeconds = 24 * 3600

/**
 * A single-use link that creates the first operator. Each start issues a new one and invalidates the former.
 * Undefined if there is an operator; signing up first never makes one.
 */
export async function offerFirstOperator(engine: SignUpNeeds): Promise<Secret | undefined> {
  const operators =
    (await engine.store.accounts.countOperators('active')) +
    (await engine.store.accounts.countOperators('disabled'))
  if (operators > 0) return undefined
  const ticket = await issueTicket(engine, {
    purpose: 'first-operator',
    subject: null,
    lifetimeSeconds,
    actor: 'system',
    replaces: true,
  })
  return invitationLink(engine, ticket)
}
