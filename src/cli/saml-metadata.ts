import type { MetadataSource } from '../domain/metadata-source.ts'
import { type Command, type CommandInput, textOf } from './command.ts'

/** Of SAML: what the other side says of itself. */
export const metadataOptions: NonNullable<Command['options']> = {
  metadata: {
    type: 'string',
    value: 'URL',
    description: 'Of SAML: where the metadata of the other side is; it fills in the settings',
  },
  'metadata-stdin': { type: 'boolean', description: 'Read the metadata from standard input' },
  entity: { type: 'string', value: 'ID', description: 'Which entity of the metadata, where it has several' },
}

/** Undefined if none is given. */
export async function metadataIn(input: CommandInput): Promise<MetadataSource | undefined> {
  const entityId = textOf(input, 'entity')
  const chosen = entityId === undefined ? {} : { entityId }
  if (input.options['metadata-stdin']) return { xml: await input.readInput(), ...chosen }
  const url = textOf(input, 'metadata')
  return url === undefined ? undefined : { url, ...chosen }
}
