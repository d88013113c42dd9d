import { hashSecret } from '../../crypto/equal.ts'
import { daysToMilliseconds } from '../../domain/clock.ts'
import { newScimTokenId, type ScimTokenId } from '../../domain/id.ts'
import type { Organisation } from '../../domain/organisation.ts'
import { Problem } from '../../domain/problem.ts'
import type { ScimToken } from '../../domain/provisioning.ts'
import { Secret } from '../../domain/secret.ts'
import type { Provisioner, ProvisioningNeeds } from './needs.ts'

const prefix = 'sumun_scim_'
const secretBytes = 32
const tokensMax = 10
const nameLengthMax = 100
const usedEveryMilliseconds = 60_000

/** Throws `invalid_fields` on a name that is empty, or where there are too many. The secret is shown once. */
export async function issueScimToken(
  engine: ProvisioningNeeds,
  given: { organisation: Organisation; name: string; days: number | null; actor: string },
): Promise<{ token: ScimToken; secret: Secret }> {
  const { organisation, days, actor } = given
  const name = given.name.trim()
  if (name === '' || name.length > nameLengthMax || /\p{C}/u.test(name))
    throw new Problem('invalid_fields', { detail: `The name has 1 to ${nameLengthMax} characters` })
  const text = prefix + engine.random.bytes(secretBytes).toString('base64url')
  const now = engine.clock.now()
  const token: ScimToken = {
    ...{ id: newScimTokenId(engine), organisationId: organisation.id, name, secretHash: hashSecret(text) },
    ...{ createdAt: now, expiresAt: days === null ? null : now + daysToMilliseconds(days), lastUsedAt: null },
  }
  await engine.store.transaction(async (tx) => {
    await tx.organisations.lockForUpdate(organisation.id)
    if ((await tx.scimTokens.list(organisation.id)).length >= tokensMax)
      throw new Problem('invalid_fields', { detail: `An organisation has at most ${tokensMax} tokens` })
    await tx.scimTokens.insert(token)
    await engine.audit.record(tx, {
      ...{ kind: 'scim_token.created', actor, subject: organisation.id },
      details: { token: token.id, name },
    })
  })
  return { token, secret: new Secret(text) }
}

/** Throws `not_found`. */
export async function removeScimToken(
  engine: ProvisioningNeeds,
  { organisation, id, actor }: { organisation: Organisation; id: ScimTokenId; actor: string },
): Promise<void> {
  await engine.store.transaction(async (tx) => {
    if (!(await tx.scimTokens.remove({ id, organisationId: organisation.id }))) throw new Problem('not_found')
    await engine.audit.record(tx, {
      ...{ kind: 'scim_token.removed', actor, subject: organisation.id },
      details: { token: id },
    })
  })
}

/**
 * Whose directory calls. Read each time, so that removal takes effect at once. Throws `invalid_token`, and
 * `too_many_attempts` after too many wrong ones from one source.
 */
export async function checkScimToken(
  engine: ProvisioningNeeds,
  text: string,
  source: string,
): Promise<Provisioner> {
  const now = engine.clock.now()
  const token = text.startsWith(prefix)
    ? await engine.store.scimTokens.findBySecret(hashSecret(text))
    : undefined
  const organisation = token && (await engine.store.organisations.find(token.organisationId))
  const isGood = token && (token.expiresAt === null || token.expiresAt > now)
  if (!isGood || organisation?.state !== 'active') {
    await engine.rateLimits.admitWrongKey(source)
    throw new Problem('invalid_token')
  }
  if ((token.lastUsedAt ?? 0) < now - usedEveryMilliseconds)
    await engine.store.scimTokens.markUsed({ id: token.id, now })
  return { organisation, token }
}
