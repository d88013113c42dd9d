import type { Connection } from '../../domain/connection.ts'
import { identityLookup, type UpstreamIdentity } from '../../domain/connection.ts'
import type { NewCredential } from '../../domain/credential.ts'
import type { Claims } from '../../domain/evidence.ts'
import type { ConnectionId, CredentialId } from '../../domain/id.ts'
import type { MethodContext, MethodDefinition, Proof } from '../../domain/method.ts'
import { membershipBy } from '../member-settings.ts'
import type { Data } from './schema.ts'

type Context = Pick<MethodContext<unknown, Data>, 'findByLookup' | 'newCredentialId' | 'sealing'>

interface Identified {
  connection: Connection
  identity: UpstreamIdentity
}

/** The credential that has the identity, as the provider describes it now; or the identity itself. */
export async function proveIdentity(
  ctx: Context,
  { connection, identity }: Identified,
  claims: Claims,
): Promise<Proof<Data>> {
  const member = membershipBy(connection, identity.groups)
  const proved = { outcome: 'proved', claims, ...(member && { membership: member }) } as const
  const credential = await ctx.findByLookup(identityLookup(connection, identity))
  if (!credential) {
    const { email, emailVerified, ownsEmail, name } = identity
    const made = credentialOf(ctx, { connection, identity }, ctx.newCredentialId())
    const external = { connection, credential: made, email, emailVerified, ownsEmail, name }
    return { ...proved, by: { external } }
  }
  const { id, revision } = credential
  const { data } = credentialOf(ctx, { connection, identity }, id)
  const shown = ({ kept, ...rest }: Data): string => JSON.stringify(rest)
  const isQuiet = shown(data) === shown(credential.data)
  const isChanged = !isQuiet || data.kept !== credential.data.kept
  return {
    ...proved,
    by: { credential },
    ...(isChanged && { update: { id, revision, data, win: 'may', isQuiet } }),
  }
}

export function credentialOf(
  { sealing }: Pick<Context, 'sealing'>,
  {
    connection,
    identity,
  }: {
    connection: Connection
    identity: Pick<UpstreamIdentity, 'issuer' | 'subject' | 'email' | 'name' | 'tokens'>
  },
  id: CredentialId,
): NewCredential<Data> {
  const { issuer, subject, email, name, tokens } = identity
  const kept = tokens && { kept: sealing.seal(JSON.stringify(tokens), id) }
  const lookup = identityLookup(connection, identity)
  return {
    id,
    lookup,
    name: null,
    data: { connection: connection.id, issuer, subject, email, name, ...kept },
  }
}

/** What is said of such a credential, and how another system's is imported. */
export const identityViews: Pick<MethodDefinition<unknown, Data>, 'describe' | 'identity' | 'imports'> = {
  imports: {
    takes: 'identity',
    make({ credentialId, sealing }, given) {
      if (given.type !== 'identity') return 'identity_without_connection'
      const { connection, issuer, subject, email } = given
      const identity = { issuer, subject, email, name: null, tokens: null }
      return credentialOf({ sealing }, { connection, identity }, credentialId)
    },
  },
  describe: ({ connection, issuer, email, name }) => ({ connection, issuer, email, name }),
  identity: ({ connection, subject, kept = null }) => ({
    connection: connection as ConnectionId,
    subject,
    kept,
  }),
}
