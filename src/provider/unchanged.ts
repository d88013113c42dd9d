import { type AdapterPayload, Provider } from 'oidc-provider'

const lateMillisecondsMax = 86_400_000

interface Found {
  content: string
  expiresAt: number
}

/**
 * The library saves sessions and grants with each request, changed or not. Unchanged ones, except for a
 * slightly later expiry, are not written: one commit less, and no concurrent change is overwritten.
 */
export class Unchanged {
  private readonly found = new WeakMap<object, Map<string, Found>>()

  note(id: string, payload: AdapterPayload, expiresAt: number): void {
    const request = Provider.ctx
    if (!request) return
    const ofRequest = this.found.get(request) ?? new Map<string, Found>()
    this.found.set(request, ofRequest.set(id, { content: contentOf(payload), expiresAt }))
  }

  /** Whether saving it until `expiresAt` changes nothing relevant. */
  is(id: string, payload: AdapterPayload, { now, expiresAt }: { now: number; expiresAt: number }): boolean {
    const found = Provider.ctx && this.found.get(Provider.ctx)?.get(id)
    const lateMax = Math.min(lateMillisecondsMax, (expiresAt - now) / 4)
    return (
      found !== undefined && expiresAt - found.expiresAt < lateMax && found.content === contentOf(payload)
    )
  }
}

/** In sorted order, without members that each save sets. */
const contentOf = ({ iat: _, exp: __, ...content }: AdapterPayload): string =>
  JSON.stringify(Object.entries(content).sort(([one], [other]) => (one < other ? -1 : 1)))
