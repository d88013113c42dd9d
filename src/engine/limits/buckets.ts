import type { Clock } from '../../domain/clock.ts'
import type { Some, StoreOf } from '../../store/store.ts'
import { type Bucket, tooManyAttempts, waitOf } from './leaky-bucket.ts'

export interface Buckets {
  /** False if it is full. */
  pour(key: string, bucket: Bucket, tx?: Some<'throttles'>): Promise<boolean>
  /** Throws `too_many_attempts` if it is full. */
  admitTo(key: string, bucket: Bucket): Promise<void>
  /** Looks only. */
  hasRoom(key: string, bucket: Bucket): Promise<boolean>
  /** Throws `too_many_attempts`, with the seconds until there is room. */
  refuseFull(key: string, bucket: Bucket): Promise<never>
}

/** The buckets in the database, so that all nodes count together. */
export function createBuckets({ store, clock }: { store: StoreOf<'throttles'>; clock: Clock }): Buckets {
  const pour: Buckets['pour'] = async (key, bucket, { throttles } = store) =>
    (await throttles.consume({ key, now: clock.now(), ...bucket })) !== undefined
  const refuseFull: Buckets['refuseFull'] = async (key, bucket) => {
    throw tooManyAttempts(await waitOf(store, key, { now: clock.now(), ...bucket }))
  }
  return {
    pour,
    refuseFull,
    async admitTo(key, bucket) {
      if (!(await pour(key, bucket))) await refuseFull(key, bucket)
    },
    async hasRoom(key, { burst, leakMilliseconds }) {
      const bucket = await store.throttles.find(key)
      return bucket === undefined || bucket.freeAt - clock.now() <= (burst - 1) * leakMilliseconds
    },
  }
}
