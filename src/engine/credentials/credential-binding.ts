import type { CredentialId } from '../../domain/id.ts'

/** What a secret in a credential's data is sealed to. */
export const credentialBinding = (id: CredentialId): string => `credential/${id}`
