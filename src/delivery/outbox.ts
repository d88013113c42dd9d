import type { Sealer } from '../crypto/seal.ts'
import type { Clock } from '../domain/clock.ts'
import type { OutboxId } from '../domain/id.ts'
import type { Message } from '../domain/message.ts'
import type { OutboxEntry } from '../store/queries/outbox.ts'
import type { Store } from '../store/store.ts'
import { type Carrier, Undeliverable } from './carrier.ts'

const pollMilliseconds = 1_000
// Starts a moment after the reply was sent, so that delivery does not show in the response time.
const wakeMilliseconds = 40
const leaseMilliseconds = 60_000
const atOnce = 8
const triesMax = 10
const backoffMilliseconds = 5_000
const backoffMillisecondsMax = 30 * 60_000

export interface Outbox {
  /** Signals that there is something to send. Cheap; may be called before the transaction commits. */
  wake(): void
  /** Sends what is due. Settles when that is done. */
  flush(): Promise<void>
  stop(): Promise<void>
}

export interface OutboxObserver {
  sent(channel: string): void
  /** It will be tried again, or not. */
  failed(failure: { id: string; channel: string; tries: number; givenUp: boolean; error: string }): void
}

/** Sends the queued messages. One node takes each message; failures are retried with growing delays. */
export function createOutbox(given: {
  store: Store
  sealer: Sealer
  clock: Clock
  carriers: Readonly<Record<Message['channel'], Carrier>>
  observe: OutboxObserver
}): Outbox {
  const { store, sealer, clock, carriers, observe } = given
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> = Promise.resolve()
  let stopped = false

  function schedule(milliseconds: number): void {
    if (stopped) return
    clearTimeout(timer)
    timer = setTimeout(() => void flush().then(() => schedule(pollMilliseconds)), milliseconds).unref()
  }

  /**
   * One run at a time; the next run finds what arrived meanwhile. Retries later while the database is
   * unreachable.
   */
  function flush(): Promise<void> {
    sending = sending.then(() => sendDue().catch(() => undefined))
    return sending
  }

  async function sendDue(): Promise<void> {
    for (let due = await list(); due.length > 0 && !stopped; due = await list())
      await Promise.all(due.map(sendOne))
  }
  const list = () => store.outbox.listDue({ now: clock.now(), limit: atOnce })

  async function sendOne(id: OutboxId): Promise<void> {
    const now = clock.now()
    const entry = await store.outbox.lease({ id, now, leasedUntil: now + leaseMilliseconds })
    if (!entry) return
    try {
      const message = JSON.parse(sealer.open(entry.messageSealed, `outbox/${id}`)) as Message
      if (message.notAfter !== undefined && message.notAfter <= now)
        throw new Undeliverable('expired before it could be sent')
      await carriers[message.channel].carry(message, id)
      await store.outbox.settle({ id, state: 'sent', error: null, now: clock.now() })
      observe.sent(message.channel)
    } catch (error) {
      await settleFailure(entry, error as Error)
    }
  }

  async function settleFailure({ id, channel, tries }: OutboxEntry, error: Error): Promise<void> {
    const givenUp = error instanceof Undeliverable || tries >= triesMax
    const reason = error.message.slice(0, 300)
    if (givenUp) await store.outbox.settle({ id, state: 'failed', error: reason, now: clock.now() })
    else await store.outbox.postpone({ id, nextAt: clock.now() + backoffOf(tries), error: reason })
    observe.failed({ id, channel, tries, givenUp, error: reason })
  }

  schedule(pollMilliseconds)
  return {
    wake: () => schedule(wakeMilliseconds),
    flush,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await sending
      await Promise.all(Object.values(carriers).map((carrier) => carrier.close()))
    },
  }
}

/** Five seconds, doubled with each try, half an hour at most. */
const backoffOf = (tries: number): number =>
  Math.min(backoffMilliseconds * 2 ** (tries - 1), backoffMillisecondsMax)
