import type { ClientMetadata } from 'oidc-provider'
import { type ClientSettings, defaultClientSettings } from '../domain/client.ts'
import type { OwnMetadata } from './client-metadata.ts'

/** The members of the library's client that we read. */
export interface ProviderClient extends OwnMetadata {
  clientId: string
  clientName?: string
  subjectType?: string
  sectorIdentifier: string | undefined
  redirectUris?: string[]
  backchannelLogoutUri?: string
  clientAuthMethod: string
  dpopBoundAccessTokens?: boolean
  metadata(): ClientMetadata
  backchannelLogout(subject: string, sid: string): Promise<void>
}

export const settingsOf = (client: unknown): ClientSettings =>
  (client as ProviderClient).sumun_settings ?? defaultClientSettings
