import { type AdapterPayload, Provider } from 'oidc-provider'

const lateMillisecondsMax = 86_400_000

interface Found {
  content: string
  expiresAt: number
}

/**
 * The library saves a session and a grant with each request, changed or not. What a request found and would
 * save as it was, but for a little more time to live, is not written: a commit less, and nobody who changed
 * it meanwhile is overruled.
 */
export class Unchanged {
  private readonly found = new WeakMap<object, Map<string, Found>>()

  note(id: string, payload: AdapterPayload, expiresAt: number): void {
    const request = Provider.ctx
    if (!request) return
    const ofRequest = this.found.get(request) ?? new Map<string, Found>()
    this.found.set(request, ofRequest.set(id, { content: contentOf(payload), expiresAt }))
  }

  /** Whether saving it until `expiresAt` changes nothing that matters. */
  is(id: string, payload: AdapterPayload, { now, expiresAt }: { now: number; expiresAt: number }): boolean {
    const found = Provider.ctx && this.found.get(Provider.ctx)?.get(id)
    const lateMax = Math.min(lateMillisecondsMax, (expiresAt - now) / 4)
    return (
      found !== undefined && expiresAt - found.expiresAt < lateMax && found.content === contentOf(payload)
    )
  }
}

/** In one order, without what each save sets anew. */
const contentOf = ({ iat: _, exp: __, ...content }: AdapterPayload): string =>
  JSON.stringify(Object.entries(content).sort(([one], [other]) => (one < other ? -1 : 1)))
