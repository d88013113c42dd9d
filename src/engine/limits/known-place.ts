import { type AccountId, decoyAccountId } from '../../domain/id.ts'
import type { Some } from '../../store/store.ts'
import { browserHash, deviceOf, type Requester } from '../request-context.ts'

/**
 * Whether the account knows the caller's place: a browser or program that it was signed in on, or an address
 * that it was signed in from. A known place has limits of its own, so that strangers do not use up the
 * owner's.
 */
export interface Place {
  isKnown: boolean
  /** The device itself is known, and not only where it is. */
  isDeviceKnown: boolean
  /** What its budgets are counted by; null if it is not known. */
  key: string | null
  /** The browser, where it is what is known. */
  browser: string | null
}

/** Runs the same queries for an unknown name. */
export async function placeOf(
  engine: { store: Some<'sessions'> },
  accountId: AccountId | undefined,
  requester: Requester,
): Promise<Place> {
  const account = { accountId: accountId ?? decoyAccountId, device: deviceOf(requester) }
  const [isDeviceKnown, isSourceKnown] = [
    await engine.store.sessions.hasDevice(account),
    await engine.store.sessions.hasPlace({ ...account, source: requester.source }),
  ]
  if (isDeviceKnown && requester.browser !== null) {
    const browser = browserHash('device', requester.browser)
    return { isKnown: true, isDeviceKnown: true, key: `browser ${browser}`, browser }
  }
  if (!isDeviceKnown && !isSourceKnown) return unknownPlace
  return { isKnown: true, isDeviceKnown, key: `source ${requester.source}`, browser: null }
}

export const unknownPlace: Place = { isKnown: false, isDeviceKnown: false, key: null, browser: null }
