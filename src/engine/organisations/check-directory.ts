import { type Connection, type ConnectionKind, identityLookup } from '../../domain/connection.ts'
import type { Credential } from '../../domain/credential.ts'
import { callOf, kindOf } from '../connections/upstreams.ts'
import { endResting } from '../sessions/revoke.ts'
import { inTurn } from './in-turn.ts'
import { removeMemberIn } from './members.ts'
import type { OrganisationNeeds, OrganisationTransaction } from './needs.ts'

/** How long a user who is disabled there may stay signed in here. */
export const checkedEveryMinutes = 15
const askedAtOnce = 200
const connectionsAtOnce = 200
/** However small the company is. */
const alwaysAllowed = 5
const usualPercent = 10
const rememberedSeconds = 86_400

/** What a check of a directory found. */
export interface DirectoryCheck {
  /** How many users of it have sessions or a membership here. */
  checked: number
  /** Those of them who are gone or disabled there. */
  gone: Credential[]
  /** They are too many to believe it: nothing was ended. */
  isHeld: boolean
}

/**
 * Asks a directory for its users who are signed in or members here, and ends the sessions and memberships of
 * those who are gone. More than the limit of the connection, and than are confirmed, are left alone.
 * Undefined if there is no directory that can be asked. Throws UpstreamFault.
 */
export async function checkDirectory(
  engine: OrganisationNeeds,
  given: { connection: Connection; confirmed: number; actor: string },
): Promise<DirectoryCheck | undefined> {
  const { connection, confirmed, actor } = given
  const { directory } = kindOf(engine, connection)
  if (!directory?.canBeAsked(connection)) return undefined
  const { checked, gone } = await findGone(engine, connection, directory)
  const { gone_max_percent: percent = usualPercent } = connection.settings as { gone_max_percent?: number }
  const isHeld = gone.length > Math.max(alwaysAllowed, (checked * percent) / 100, confirmed)
  if (isHeld)
    await engine.store.transaction((tx) =>
      engine.audit.record(tx, {
        ...{ kind: 'connection.check_held', actor, subject: connection.id },
        details: { slug: connection.slug, checked, gone: gone.length },
      }),
    )
  else
    for (const credential of gone)
      await engine.store.transaction((tx) => endGone(engine, tx, { connection, credential, actor }))
  if (!isHeld && gone.length > 0) await engine.revocations.poll()
  return { checked, gone, isHeld }
}

/**
 * Checks every directory, each by one node in a quarter of an hour. Throws what failed last, when all others
 * are done.
 */
export async function checkDirectories(engine: OrganisationNeeds): Promise<void> {
  let after: Connection['id'] | null = null
  let failure: unknown
  for (;;) {
    const page: Connection[] = await engine.store.connections.list({ after, limit: connectionsAtOnce })
    for (const connection of page)
      await checkInTurn(engine, connection).catch((error) => {
        failure = error
      })
    after = page.at(-1)?.id ?? null
    if (page.length < connectionsAtOnce) break
  }
  if (failure !== undefined) throw failure
}

async function checkInTurn(engine: OrganisationNeeds, connection: Connection): Promise<void> {
  const kind = engine.federation.kinds.find(({ id }) => id === connection.kind)
  if (!kind?.directory || connection.state === 'disabled' || !(await isOurTurn(engine, connection))) return
  const found = await checkDirectory(engine, { connection, confirmed: 0, actor: 'system' })
  if (found?.isHeld)
    throw new Error(
      `${found.gone.length} of ${found.checked} users are gone from ${connection.slug}: nothing was ended. See: sumun connection check ${connection.slug}`,
    )
}

/** True for one node in each quarter of an hour. */
const isOurTurn = (engine: OrganisationNeeds, { id }: Pick<Connection, 'id'>): Promise<boolean> =>
  inTurn(engine, {
    ...{ task: 'directory-check', subject: id, lifetimeSeconds: rememberedSeconds },
    number: Math.floor(engine.clock.now() / (checkedEveryMinutes * 60_000)),
  })

async function findGone(
  engine: OrganisationNeeds,
  connection: Connection,
  directory: NonNullable<ConnectionKind['directory']>,
): Promise<{ checked: number; gone: Credential[] }> {
  const { kind, organisationId } = connection
  const now = engine.clock.now()
  const prefix = identityLookup(connection, { issuer: directory.issuer(connection), subject: '' })
  const gone: Credential[] = []
  let [after, checked]: [string | null, number] = [null, 0]
  for (;;) {
    const wanted = { kind, prefix, organisationId, now, after, limit: askedAtOnce }
    const page: Credential[] = await engine.store.credentials.listInUse(wanted)
    if (page.length > 0) {
      const subjects = page.map(({ lookup }) => (lookup as string).slice(prefix.length))
      const missing = new Set(await directory.findGone(callOf(engine, connection, now), subjects))
      gone.push(...page.filter((_, place) => missing.has(subjects[place] as string)))
    }
    checked += page.length
    after = page.at(-1)?.lookup ?? null
    if (page.length < askedAtOnce) return { checked, gone }
  }
}

async function endGone(
  engine: OrganisationNeeds,
  tx: OrganisationTransaction,
  given: { connection: Connection; credential: Credential; actor: string },
): Promise<void> {
  const { connection, credential, actor } = given
  const { accountId, id: credentialId } = credential
  await tx.accounts.lockForUpdate(accountId)
  const resting = { accountId, credentialId, except: null, current: null, actor }
  await endResting(engine, tx, { ...resting, ending: 'upstream' })
  const details = { connection: connection.slug, event: 'directory-check', credential: credentialId }
  await engine.audit.record(tx, { kind: 'upstream.event', actor, subject: accountId, details })
  const { organisationId } = connection
  const membership = organisationId && (await tx.memberships.find({ organisationId, accountId }))
  // One that is kept for emergencies is not the directory's to take.
  if (membership && membership.source === 'connection' && !membership.breakGlass)
    await removeMemberIn(engine, tx, { membership, actor })
}
