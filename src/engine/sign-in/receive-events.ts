import { hashSecret } from '../../crypto/equal.ts'
import {
  type Connection,
  identityLookup,
  type UpstreamEvents,
  UpstreamFault,
  type UpstreamNotice,
} from '../../domain/connection.ts'
import type { Credential } from '../../domain/credential.ts'
import { Problem } from '../../domain/problem.ts'
import { UniqueViolation } from '../../store/database.ts'
import { callOf, kindOf, type UpstreamNeeds } from '../connections/upstreams.ts'
import { hasOpenWayIn } from '../credentials/remaining-sign-in-methods.ts'
import type { Requester } from '../request-context.ts'
import { endResting } from '../sessions/revoke.ts'
import { draftTicket } from '../tickets/draft-ticket.ts'
import type { SignInNeeds, SignInTransaction } from './needs.ts'

const accepted = { status: 202 }
/** Longer than the age that a token may have. */
const rememberedSeconds = 2 * 86_400

type EventNeeds = SignInNeeds & UpstreamNeeds

interface Received {
  connection: Connection
  told: UpstreamEvents
  requester: Requester
}

/**
 * What a provider tells by itself: its user signed out, was disabled, or unlinked this server. Each notice
 * takes effect once. Returns the reply that the provider expects. Throws `not_found`, `malformed_request` for
 * what the provider did not sign.
 */
export async function receiveEvents(
  engine: EventNeeds,
  { slug, notice, requester }: { slug: string; notice: UpstreamNotice; requester: Requester },
): Promise<NonNullable<UpstreamEvents['reply']>> {
  const connection = await engine.store.connections.findBySlug(slug)
  if (!connection) throw new Problem('not_found')
  const call = callOf(engine, connection, requester.now)
  const told = await kindOf(engine, connection)
    .receive(call, notice)
    .catch((error) => {
      if (!(error instanceof UpstreamFault)) throw error
      const detail = 'It must be signed by the provider, for this client'
      throw new Problem('malformed_request', { detail, extensions: { err: 'invalid_request' }, cause: error })
    })
  if (!told) throw new Problem('not_found')
  const received = { connection, told, requester }
  const ended = await engine.store
    .transaction((tx) => takeAll(engine, tx, received))
    .catch((error) => {
      // It was received before.
      if (error instanceof UniqueViolation) return 0
      throw error
    })
  if (ended > 0) await engine.revocations.poll()
  return told.reply ?? accepted
}

async function takeAll(
  engine: EventNeeds,
  tx: SignInTransaction,
  { connection, told, requester }: Received,
): Promise<number> {
  await tx.tickets.insert(
    draftTicket(engine, {
      purpose: 'upstream-event',
      subject: connection.id,
      secretHash: hashSecret(`upstream-event ${connection.id} ${told.id}`),
      lifetimeSeconds: rememberedSeconds,
      now: requester.now,
    }),
  )
  let ended = 0
  for (const event of told.events) {
    const issuer = told.issuer ?? String(connection.settings.issuer)
    const lookup = identityLookup(connection, { issuer, subject: event.subject })
    const credential = await tx.credentials.findByLookup(connection.kind, lookup)
    if (credential) ended += await take(engine, tx, { connection, event, credential, requester })
  }
  return ended
}

async function take(
  engine: EventNeeds,
  tx: SignInTransaction,
  given: Omit<Received, 'told'> & { event: UpstreamEvents['events'][number]; credential: Credential },
): Promise<number> {
  const { connection, event, credential, requester } = given
  const { accountId, id: credentialId } = credential
  await tx.accounts.lockForUpdate(accountId)
  const isUnlinked = event.action === 'unlink' && (await unlink(engine, tx, credential, requester))
  const details = {
    ...{ connection: connection.slug, event: event.kind, credential: credentialId },
    effect: isUnlinked ? 'unlinked' : event.action === 'note' ? 'none' : 'sessions ended',
  }
  const actor = connection.id
  await engine.audit.record(tx, { kind: 'upstream.event', actor, subject: accountId, details })
  if (event.action === 'note') return 0
  const resting = { accountId, credentialId, except: null, current: null, actor }
  return endResting(engine, tx, { ...resting, ending: isUnlinked ? 'credential_removed' : 'upstream' })
}

/** False for the last way in, which stays. */
async function unlink(
  engine: EventNeeds,
  tx: SignInTransaction,
  credential: Credential,
  requester: Requester,
): Promise<boolean> {
  const account = await tx.accounts.find(credential.accountId)
  const all = await tx.credentials.listByAccount(credential.accountId)
  const left = all.filter(({ id }) => id !== credential.id)
  if (!account || !(await hasOpenWayIn(engine, tx, { account, left }))) return false
  await tx.credentials.remove(credential)
  await engine.notify(tx, { account, notice: 'credential_removed', method: credential.kind, requester })
  return true
}
