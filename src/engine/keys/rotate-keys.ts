import { generateSigningKey } from '../../crypto/signing-key.ts'
import { daysToMilliseconds } from '../../domain/clock.ts'
import type { SigningAlgorithm, SigningKey, SigningKeyState } from '../../domain/signing-key.ts'
import { allOrNothing } from '../../store/all-or-nothing.ts'
import { privateKeyBinding } from './key-ring.ts'
import type { KeyNeeds, KeyTransaction } from './needs.ts'

type KeyParts = Pick<KeyNeeds, 'store' | 'clock' | 'random' | 'sealer' | 'settings' | 'audit' | 'keyRing'>

// A verifier that cached the key set keeps it this long at most; a `next` key must be published for longer
// than that.
export const jwksMaxAgeSeconds = 300
const retirementMarginSeconds = 600
// the first current key and the first next one are made one after the other
const firstDayMilliseconds = 60_000

/**
 * Makes sure that there is a current key and a next one of each algorithm; of that of the access tokens where
 * none is named. Nodes that start together settle on the same two.
 */
export async function ensureSigningKeys(
  engine: KeyParts,
  algorithms: readonly SigningAlgorithm[] = [],
): Promise<void> {
  const live = await engine.store.signingKeys.listLive()
  const wanted = new Set([
    engine.settings.signingAlgorithm,
    ...live.map(({ algorithm }) => algorithm),
    ...algorithms,
  ])
  for (const algorithm of wanted) {
    for (const state of ['current', 'next'] as const)
      if (!live.some((key) => key.algorithm === algorithm && key.state === state))
        await addKey(engine, { algorithm, state })
  }
  await engine.keyRing.load()
}

/**
 * The next key of an algorithm becomes current, the former current key verifies until its last token has
 * expired, and a new next key is published. False if another node did it at the same moment, or the next
 * key was published so lately that verifiers may not have seen it yet.
 */
export async function rotateSigningKeys(
  engine: KeyParts,
  { actor, algorithm }: { actor: string; algorithm: SigningAlgorithm },
): Promise<boolean> {
  const { store, clock, audit } = engine
  const live = (await store.signingKeys.listLive()).filter((key) => key.algorithm === algorithm)
  const current = live.find(({ state }) => state === 'current')
  const next = live.find(({ state }) => state === 'next')
  if (!current) throw new Error('there is no current signing key')
  const rotated =
    next !== undefined &&
    isPublished(engine, next, live) &&
    (await allOrNothing(store, async (tx) => {
      await audit.record(tx, { kind: 'signing_key.rotated', actor, subject: current.kid })
      return tx.signingKeys.rotate({ currentKid: current.kid, nextKid: next.kid, now: clock.now() })
    }))
  await ensureSigningKeys(engine)
  return rotated
}

/**
 * Revokes a key at once, for example a stolen one: its tokens are refused here, and elsewhere once the key
 * set is fetched again. The next key replaces a current one, however recently it was published. False if it
 * is not in use.
 */
export async function revokeSigningKey(
  engine: KeyParts,
  { actor, kid }: { actor: string; kid: string },
): Promise<boolean> {
  const { store, clock, audit } = engine
  const live = await store.signingKeys.listLive()
  const key = live.find((one) => one.kid === kid)
  if (!key) return false
  const next = live.find(({ state, algorithm }) => state === 'next' && algorithm === key.algorithm)
  const revoked = await allOrNothing(store, async (tx) => {
    await audit.record(tx, { kind: 'signing_key.revoked', actor, subject: kid })
    if (
      key.state === 'current' &&
      !(next && (await tx.signingKeys.rotate({ currentKid: kid, nextKid: next.kid, now: clock.now() })))
    )
      return false
    return tx.signingKeys.revoke(kid)
  })
  await ensureSigningKeys(engine)
  return revoked
}

/** Published for longer than the key set is cached; or created together with the first key. */
function isPublished(
  { clock }: Pick<KeyParts, 'clock'>,
  next: SigningKey,
  live: readonly SigningKey[],
): boolean {
  const isOfFirstDay =
    live.length === 2 &&
    live.every(({ createdAt }) => Math.abs(createdAt - next.createdAt) < firstDayMilliseconds)
  return isOfFirstDay || clock.now() - next.createdAt > jwksMaxAgeSeconds * 1000
}

/** Rotates keys that are due by age, and retires those that no valid token can name. */
export async function tendSigningKeys(engine: KeyParts): Promise<void> {
  const { store, clock, settings, audit, keyRing } = engine
  await keyRing.load()
  const now = clock.now()
  for (const { algorithm, currentSince, createdAt } of keyRing
    .keys()
    .filter(({ state }) => state === 'current')) {
    const due = now - (currentSince ?? createdAt) >= daysToMilliseconds(settings.signingKeyDays)
    if (due) await rotateSigningKeys(engine, { actor: 'system', algorithm })
  }
  const previousBefore = now - (settings.accessTokenSeconds + retirementMarginSeconds) * 1000
  const expired = keyRing
    .keys()
    .some((key) => key.state === 'previous' && (key.previousSince ?? 0) < previousBefore)
  if (!expired) return
  await store.transaction(async (tx) => {
    const count = await tx.signingKeys.retire({ previousBefore })
    if (count > 0)
      await audit.record(tx, {
        kind: 'signing_key.retired',
        actor: 'system',
        subject: null,
        details: { count },
      })
  })
  await keyRing.load()
}

async function addKey(
  engine: KeyParts,
  { algorithm, state }: { algorithm: SigningAlgorithm; state: Extract<SigningKeyState, 'current' | 'next'> },
): Promise<void> {
  const { store, clock, sealer, audit } = engine
  const { kid, publicJwk, privatePem } = await generateSigningKey(algorithm)
  const now = clock.now()
  const key = {
    kid,
    publicJwk,
    state,
    algorithm,
    createdAt: now,
    previousSince: null,
    privateSealed: sealer.seal(privatePem, privateKeyBinding(kid)),
    currentSince: state === 'current' ? now : null,
  }
  await store.transaction(async (tx: KeyTransaction) => {
    if (await tx.signingKeys.insert(key))
      await audit.record(tx, { kind: 'signing_key.created', actor: 'system', subject: kid })
  })
}
