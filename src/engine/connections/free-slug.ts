import type { ConnectionNeeds } from './needs.ts'

const triesMax = 50
const lengthMax = 28 // leaves room for a number

/** A slug for a connection that none has, like the wanted one. The unique index decides in the end. */
export async function freeSlug({ store }: Pick<ConnectionNeeds, 'store'>, wanted: string): Promise<string> {
  const base = wanted.slice(0, lengthMax)
  for (let number = 1; number <= triesMax; number++) {
    const slug = number === 1 ? base : `${base}-${number}`
    if (!(await store.connections.findBySlug(slug))) return slug
  }
  return base
}
