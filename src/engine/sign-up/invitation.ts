import { hashSecret } from '../../crypto/equal.ts'
import type { SignUpNeeds } from './needs.ts'

const purposes = ['invitation', 'first-operator', 'membership'] as const
export type InvitationPurpose = (typeof purposes)[number]

/** What an invitation is for, without using it up. Undefined if it was used, has expired, or never was. */
export async function lookAtInvitation(
  { store, clock }: SignUpNeeds,
  invitation: string,
): Promise<InvitationPurpose | undefined> {
  const secretHash = hashSecret(invitation)
  const now = clock.now()
  for (const purpose of purposes)
    if (await store.tickets.findGood({ secretHash, purpose, now })) return purpose
  return undefined
}
