import { Resolver } from 'node:dns/promises'
import type { FindTxtRecords } from '../domain/organisation.ts'

const patience = { timeout: 3_000, tries: 2 }
const isAbsent = (error: unknown): boolean =>
  ['ENOTFOUND', 'ENODATA'].includes(String((error as NodeJS.ErrnoException).code))

/** Asks the given name servers, such as `192.0.2.53:5353`, or those of the machine if there are none. */
export function createFindTxtRecords(servers: readonly string[]): FindTxtRecords {
  const resolver = new Resolver(patience)
  if (servers.length > 0) resolver.setServers(servers)
  return async (name) => {
    try {
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''))
    } catch (error) {
      if (isAbsent(error)) return []
      throw error
    }
  }
}
