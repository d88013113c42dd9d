import { Problem } from '../../domain/problem.ts'
import { organisationNamed } from '../organisations/organisations.ts'
import { endSession } from '../sessions/revoke.ts'
import { enterOrganisation } from './enter-organisation.ts'
import type { SignInNeeds } from './needs.ts'
import { type SignedIn, type SignIn, signIn } from './sign-in.ts'

/**
 * The same, with tokens for one organisation, by its slug or id: what it asks for counts. Throws `not_found`
 * for one that the account is not in; that is told only to who has signed in.
 */
export async function signInToOrganisation(
  engine: SignInNeeds,
  { organisation: named, ...request }: SignIn & { organisation: string },
): Promise<SignedIn> {
  const organisation = await organisationNamed(engine, named)
  const signedIn = await signIn(engine, { ...request, organisationId: organisation?.id ?? null })
  const { session } = signedIn
  try {
    const account = await engine.store.accounts.find(session.accountId)
    if (!account || !organisation) throw new Problem('not_found')
    const { requester } = request
    const tokens = await enterOrganisation(engine, { account, session, organisation, requester })
    return { ...signedIn, tokens }
  } catch (error) {
    await endSession(engine, { session, ending: 'signed_out', actor: session.accountId })
    const isUnknown = error instanceof Problem && error.code === 'not_found'
    throw isUnknown
      ? new Problem('not_found', { detail: 'The account is in no organisation of that name', cause: error })
      : error
  }
}
