import type { AccountWithIdentifiers } from '../../domain/account.ts'
import { toTimestamp } from '../../domain/clock.ts'
import type { Credential } from '../../domain/credential.ts'
import type { SessionId } from '../../domain/id.ts'
import type { IdentifierKind } from '../../domain/identifier.ts'
import type { MethodDefinition } from '../../domain/method.ts'
import type { Session } from '../../domain/session.ts'

/** An account as JSON, snake case. */
export function presentAccount({
  id,
  state,
  role,
  name,
  locale,
  identifiers,
  createdAt,
  updatedAt,
}: AccountWithIdentifiers) {
  const of = (kind: IdentifierKind) => identifiers.find((identifier) => identifier.kind === kind)
  const [email, username, phone] = [of('email'), of('username'), of('phone')]
  return {
    id,
    state,
    role,
    name,
    locale,
    email: email?.display ?? null,
    email_verified: (email?.verifiedAt ?? null) !== null,
    username: username?.display ?? null,
    phone: phone?.display ?? null,
    phone_verified: (phone?.verifiedAt ?? null) !== null,
    created_at: toTimestamp(createdAt),
    updated_at: toTimestamp(updatedAt),
  }
}

/** A session as JSON, snake case. */
export const presentSession = (session: Session, current: SessionId | null) => ({
  id: session.id,
  current: session.id === current,
  acr: session.acr,
  amr: session.amr,
  user_agent: session.userAgent,
  source: session.source,
  created_at: toTimestamp(session.createdAt),
  last_used_at: toTimestamp(session.refreshedAt),
  expires_at: toTimestamp(session.expiresAt),
})

/** A credential as its owner sees it; `describe` is its method's, and leaves secrets out. */
export const presentCredential = (credential: Credential, method: MethodDefinition | undefined) => ({
  id: credential.id,
  method: credential.kind,
  name: credential.name,
  disabled: credential.disabledAt !== null,
  suspended: credential.suspendedAt !== null,
  details: method?.describe?.(credential.data, credential.lookup) ?? {},
  created_at: toTimestamp(credential.createdAt),
  last_used_at: credential.lastUsedAt === null ? null : toTimestamp(credential.lastUsedAt),
})
