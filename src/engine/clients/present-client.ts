import type { Client } from '../../domain/client.ts'
import { toTimestamp } from '../../domain/clock.ts'

/** A client as operators see it: everything but its secret. */
export const presentClient = ({
  id,
  metadata,
  settings,
  secrets,
  revision,
  createdAt,
  updatedAt,
}: Client) => ({
  id,
  metadata,
  settings: {
    first_party: settings.firstParty,
    acr: settings.acr,
    access_token_seconds: settings.accessTokenSeconds,
    refresh_token_days: settings.refreshTokenDays,
    resources: settings.resources,
    brand: settings.brand ?? null,
    pkce_required: settings.pkceRequired,
    verified_addresses_only: settings.verifiedAddressesOnly,
  },
  secrets: secrets.map(({ expiresAt }) => ({
    expires_at: expiresAt === null ? null : toTimestamp(expiresAt),
  })),
  revision,
  created_at: toTimestamp(createdAt),
  updated_at: toTimestamp(updatedAt),
})
