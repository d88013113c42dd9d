import {
  type Connection,
  type ConnectionCall,
  type ConnectionKind,
  UpstreamFault,
  type UpstreamTokens,
} from '../../domain/connection.ts'
import type { Credential } from '../../domain/credential.ts'
import type { CredentialId } from '../../domain/id.ts'
import type { Session } from '../../domain/session.ts'
import { credentialBinding } from '../credentials/credential-binding.ts'
import type { CredentialNeeds } from '../credentials/needs.ts'
import { callOf, kindOf, type UpstreamNeeds } from './upstreams.ts'

const patienceMilliseconds = 5000

/** What leaving a provider uses. */
export interface LeavingNeeds extends UpstreamNeeds {
  methods: CredentialNeeds['methods']
}

/** What became of the user's agreement at the provider. */
export type Unlinked = 'there-too' | 'only-here'

/**
 * Tells the provider of an identity that was removed here. Undefined for any other credential. Never throws:
 * the identity is gone here, whether the provider answers or not.
 */
export async function unlinkUpstream(
  engine: LeavingNeeds,
  credential: Credential,
  now: number,
): Promise<Unlinked | undefined> {
  const identity = identityOf(engine, credential)
  if (!identity) return undefined
  const upstream = await upstreamOf(engine, identity, now)
  const tokens = keptOf(engine, credential.id, identity)
  if (!upstream || !tokens) return 'only-here'
  const { kind, call } = upstream
  const ended = kind.unlink(call, { subject: identity.subject, tokens }).catch(unlessFault)
  return (await withPatience(ended)) ? 'there-too' : 'only-here'
}

/**
 * Where a browser that signed out here signs out at the provider by which it signed in. Undefined if the
 * connection does not do that, or the provider does not answer.
 */
export async function signOutUpstream(
  engine: LeavingNeeds,
  { session, credentials, now }: { session: Session; credentials: readonly Credential[]; now: number },
): Promise<{ connection: Connection; url: string } | undefined> {
  const used = new Set(session.evidence.map(({ credentialId }) => credentialId))
  for (const credential of credentials.filter(({ id }) => used.has(id))) {
    const identity = identityOf(engine, credential)
    if (!identity) continue
    const upstream = await upstreamOf(engine, identity, now)
    if (!upstream) continue
    const { kind, call } = upstream
    const idToken = keptOf(engine, credential.id, identity)?.id ?? null
    const returnUrl = `${engine.settings.issuer}/signin`
    const asked = kind.signOutUrl(call, { idToken, returnUrl }).catch(unlessFault)
    const url = await withPatience(asked)
    if (url) return { connection: call.connection, url }
  }
  return undefined
}

type Identity = NonNullable<ReturnType<typeof identityOf>>

const identityOf = ({ methods }: LeavingNeeds, { kind, data }: Credential) =>
  methods.find(kind)?.identity?.(data)

async function upstreamOf(
  engine: LeavingNeeds,
  { connection: id }: Identity,
  now: number,
): Promise<{ kind: ConnectionKind; call: ConnectionCall } | undefined> {
  const connection = await engine.store.connections.find(id)
  return connection && { kind: kindOf(engine, connection), call: callOf(engine, connection, now) }
}

function keptOf({ sealer }: LeavingNeeds, id: CredentialId, { kept }: Identity): UpstreamTokens | undefined {
  return kept ? (JSON.parse(sealer.open(kept, credentialBinding(id))) as UpstreamTokens) : undefined
}

function unlessFault(error: unknown): undefined {
  if (!(error instanceof UpstreamFault)) throw error
}

/** Undefined if it takes too long. */
async function withPatience<Result>(work: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMilliseconds)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
