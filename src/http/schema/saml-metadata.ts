import { Type } from 'typebox'
import { certificatePattern, type MetadataSource } from '../../domain/metadata-source.ts'

/** Of SAML: what the other side says of itself. */
export const metadataMembers = {
  metadata: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 60_000,
      description: 'Of SAML: the metadata of the other side, as XML; it fills in the settings',
    }),
  ),
  metadata_url: Type.Optional(
    Type.String({
      pattern: '^https?://[^#\\s]+$',
      maxLength: 1024,
      description: 'The same, by its address',
    }),
  ),
  entity_id: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1024,
      description: 'Which entity of the metadata, where it has several',
    }),
  ),
  metadata_certificate: Type.Optional(
    Type.String({
      pattern: certificatePattern,
      description: 'The certificate by which the metadata must be signed: DER in base64',
    }),
  ),
}

/** Undefined if there is none. `mayBeLarge`: for operators. */
export function metadataOf(
  {
    metadata: xml,
    metadata_url: url,
    entity_id: entityId,
    metadata_certificate: signedBy,
  }: {
    metadata?: string | undefined
    metadata_url?: string | undefined
    entity_id?: string | undefined
    metadata_certificate?: string | undefined
  },
  { mayBeLarge }: { mayBeLarge: boolean },
): MetadataSource | undefined {
  const chosen = {
    ...(entityId !== undefined && { entityId }),
    ...(signedBy !== undefined && { signedBy }),
    mayBeLarge,
  }
  if (xml !== undefined) return { xml, ...chosen }
  return url === undefined ? undefined : { url, ...chosen }
}
