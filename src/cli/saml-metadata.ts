import { X509Certificate } from 'node:crypto'
import type { MetadataSource } from '../domain/metadata-source.ts'
import { Problem } from '../domain/problem.ts'
import { type Command, type CommandInput, readSmall, refusal, textOf } from './command.ts'

/** Of SAML: what the other side says of itself. */
export const metadataOptions: NonNullable<Command['options']> = {
  metadata: {
    type: 'string',
    value: 'URL',
    description: 'Of SAML: where the metadata of the other side is; it fills in the settings',
  },
  'metadata-stdin': { type: 'boolean', description: 'Read the metadata from standard input' },
  'metadata-certificate': {
    type: 'string',
    value: 'FILE',
    description: 'The certificate (PEM) by which the metadata must be signed, such as that of a federation',
  },
  entity: { type: 'string', value: 'ID', description: 'Which entity of the metadata, where it has several' },
}

/** Undefined if none is given. */
export async function metadataIn(input: CommandInput): Promise<MetadataSource | undefined> {
  const entityId = textOf(input, 'entity')
  const signedBy = certificateIn(input)
  const chosen = {
    ...(entityId !== undefined && { entityId }),
    ...(signedBy !== undefined && { signedBy }),
    mayBeLarge: true,
  }
  if (input.options['metadata-stdin']) return { xml: await input.readInput(), ...chosen }
  const url = textOf(input, 'metadata')
  return url === undefined ? undefined : { url, ...chosen }
}

function certificateIn(input: CommandInput): string | undefined {
  const path = textOf(input, 'metadata-certificate')
  if (path === undefined) return undefined
  try {
    return new X509Certificate(readSmall(path, 'metadata-certificate')).raw.toString('base64')
  } catch (error) {
    if (error instanceof Problem) throw error
    throw refusal('metadata-certificate', 'is no certificate')
  }
}
