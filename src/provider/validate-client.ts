import { errors, type Provider } from 'oidc-provider'
import { Problem } from '../domain/problem.ts'
import type { ClientCheck } from '../engine/clients/clients.ts'
import type { Engine } from '../engine/engine.ts'
import { toMetadata } from './client-metadata.ts'

/** Validates a client's metadata with the library. Throws `invalid_fields` with its message. */
export async function checkClient(
  engine: Engine,
  provider: Provider,
  client: Parameters<ClientCheck>[0],
): Promise<void> {
  const { Client } = provider as unknown as { Client: { validate(metadata: unknown): Promise<void> } }
  try {
    await Client.validate(toMetadata(client, { now: 0, algorithm: engine.settings.signingAlgorithm }))
  } catch (error) {
    if (!(error instanceof errors.InvalidClientMetadata) && !(error instanceof TypeError)) throw error
    const detail =
      error instanceof errors.InvalidClientMetadata
        ? (error.error_description ?? error.message)
        : error.message
    throw new Problem('invalid_fields', { detail })
  }
}
