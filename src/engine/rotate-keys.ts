import { generateSigningKey } from '../crypto/signing-key.ts'
import type { SigningKeyState } from '../domain/signing-key.ts'
import type { Aggregates } from '../store/store.ts'
import { daysToMilliseconds, type Engine } from './engine.ts'
import { privateKeyBinding } from './key-ring.ts'

type KeyParts = Pick<Engine, 'store' | 'clock' | 'random' | 'sealer' | 'settings' | 'audit' | 'keyRing'>

// A verifier that cached the key set keeps it this long at most; a `next` key must be published for longer than that.
export const jwksMaxAgeSeconds = 300
const retirementMarginSeconds = 600

/** Makes sure that there is a current key and a next one. Nodes that start together settle on the same two. */
export async function ensureSigningKeys(engine: KeyParts): Promise<void> {
  const states = new Set((await engine.store.signingKeys.listLive()).map((key) => key.state))
  for (const state of ['current', 'next'] as const) {
    if (!states.has(state)) await addKey(engine, state)
  }
  await engine.keyRing.load()
}

/**
 * The next key starts to sign, the current one goes on verifying until the last token it signed has expired, and a new next
 * key is published. False where another node did it at the same moment.
 */
export async function rotateSigningKeys(engine: KeyParts, { actor }: { actor: string }): Promise<boolean> {
  const { store, clock, audit } = engine
  const current = (await store.signingKeys.listLive()).find((key) => key.state === 'current')
  if (!current) throw new Error('there is no current signing key')
  const rotated = await store.transaction(async (tx) => {
    if (!(await tx.signingKeys.rotate({ currentKid: current.kid, now: clock.now() }))) return false
    await audit.record(tx, { kind: 'signing_key.rotated', actor, subject: current.kid })
    return true
  })
  await ensureSigningKeys(engine)
  return rotated
}

/** By age: rotates what is due, and retires keys that no good token can name any more. */
export async function tendSigningKeys(engine: KeyParts): Promise<void> {
  const { store, clock, settings, audit, keyRing } = engine
  await keyRing.load()
  const now = clock.now()
  const current = keyRing.keys().find((key) => key.state === 'current')
  const next = keyRing.keys().find((key) => key.state === 'next')
  const due = current && now - (current.currentSince ?? current.createdAt) >= daysToMilliseconds(settings.signingKeyDays)
  // Not before everybody who caches the key set has had time to see the key that will sign.
  const published = next && now - next.createdAt > jwksMaxAgeSeconds * 1000
  if (due && published) await rotateSigningKeys(engine, { actor: 'system' })
  const previousBefore = now - (settings.accessTokenSeconds + retirementMarginSeconds) * 1000
  const expired = keyRing.keys().some((key) => key.state === 'previous' && (key.previousSince ?? 0) < previousBefore)
  if (!expired) return
  await store.transaction(async (tx) => {
    const count = await tx.signingKeys.retire({ previousBefore })
    if (count > 0) await audit.record(tx, { kind: 'signing_key.retired', actor: 'system', subject: null, details: { count } })
  })
  await keyRing.load()
}

async function addKey(engine: KeyParts, state: Extract<SigningKeyState, 'current' | 'next'>): Promise<void> {
  const { store, clock, sealer, settings, audit } = engine
  const { kid, publicJwk, privatePem } = await generateSigningKey(settings.signingAlgorithm)
  const now = clock.now()
  const key = {
    kid,
    publicJwk,
    state,
    algorithm: settings.signingAlgorithm,
    createdAt: now,
    previousSince: null,
    privateSealed: sealer.seal(privatePem, privateKeyBinding(kid)),
    currentSince: state === 'current' ? now : null,
  }
  await store.transaction(async (tx: Aggregates) => {
    if (await tx.signingKeys.insert(key)) await audit.record(tx, { kind: 'signing_key.created', actor: 'system', subject: kid })
  })
}
