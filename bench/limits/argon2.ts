import { argon2, randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** How many argon2id hashes this machine makes a second, when it does nothing else. */
export async function hashesPerSecond(
  cost: { memoryKibibytes: number; passes: number },
  seconds: number,
): Promise<number> {
  const parameters = {
    message: 'correct horse battery staple',
    nonce: randomBytes(16),
    parallelism: 1,
    tagLength: 32,
    memory: cost.memoryKibibytes,
    passes: cost.passes,
  }
  let made = 0
  const startedAt = performance.now()
  const until = startedAt + seconds * 1000
  const worker = async (): Promise<void> => {
    while (performance.now() < until) {
      await derive('argon2id', parameters)
      made++
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return made / ((performance.now() - startedAt) / 1000)
}
