import type { Sealer } from '../../crypto/seal.ts'
import type { Clock } from '../../domain/clock.ts'
import type { Random } from '../../domain/random.ts'
import type { Some, StoreOf } from '../../store/store.ts'
import type { RateLimits } from '../limits/rate-limits.ts'
import type { MethodHost } from '../method-host.ts'
import type { EngineSettings } from '../settings.ts'

export type MessageTables = 'outbox' | 'throttles'
export type MessageSettings = never
export type MessageTransaction = Some<MessageTables>

/** What sending a message to the owner of an account uses. */
export interface MessageNeeds {
  store: StoreOf<MessageTables>
  settings: Pick<EngineSettings, MessageSettings>
  clock: Clock
  random: Random
  sealer: Sealer
  methods: MethodHost
  rateLimits: RateLimits
  delivery: Delivery
}

/** Delivery; woken when a message was queued. */
export interface Delivery {
  wake(): void
}
