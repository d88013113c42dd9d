import type { Clock } from './clock.ts'
import { crockford, crockfordClass } from './crockford.ts'
import type { Random } from './random.ts'

export type AccountId = `acc_${string}`
/** Of no account: a name that no account has costs the same queries. */
export const decoyAccountId: AccountId = 'acc_00000000000000000000000000'

export type AttemptId = `att_${string}`
export type ClientId = `cli_${string}`
export type ConnectionId = `con_${string}`
export type CredentialId = `crd_${string}`
export type EventId = `evt_${string}`
export type GrantId = `gra_${string}`
export type SessionId = `ses_${string}`
export type TicketId = `tkt_${string}`
export type OrganisationId = `org_${string}`
export type SamlApplicationId = `app_${string}`
export type ImportId = `imp_${string}`
export type ScimGroupId = `scg_${string}`
export type ScimTokenId = `sct_${string}`
export type ScimUserId = `scu_${string}`
export type OutboxId = `out_${string}`

interface Sources {
  clock: Clock
  random: Random
}

const uuidBytes = 16
const encodedLength = 26

export const newAccountId = (sources: Sources): AccountId => `acc_${newUuid7(sources)}`
export const newAttemptId = (sources: Sources): AttemptId => `att_${newUuid7(sources)}`
export const newClientId = (sources: Sources): ClientId => `cli_${newUuid7(sources)}`
export const newConnectionId = (sources: Sources): ConnectionId => `con_${newUuid7(sources)}`
export const newGrantId = (sources: Sources): GrantId => `gra_${newUuid7(sources)}`
export const newCredentialId = (sources: Sources): CredentialId => `crd_${newUuid7(sources)}`
export const newEventId = (sources: Sources): EventId => `evt_${newUuid7(sources)}`
export const newSessionId = (sources: Sources): SessionId => `ses_${newUuid7(sources)}`
export const newOrganisationId = (sources: Sources): OrganisationId => `org_${newUuid7(sources)}`
export const newImportId = (sources: Sources): ImportId => `imp_${newUuid7(sources)}`
export const newOutboxId = (sources: Sources): OutboxId => `out_${newUuid7(sources)}`
export const newSamlApplicationId = (sources: Sources): SamlApplicationId => `app_${newUuid7(sources)}`
export const newScimGroupId = (sources: Sources): ScimGroupId => `scg_${newUuid7(sources)}`
export const newScimTokenId = (sources: Sources): ScimTokenId => `sct_${newUuid7(sources)}`
export const newScimUserId = (sources: Sources): ScimUserId => `scu_${newUuid7(sources)}`
export const newTicketId = (sources: Sources): TicketId => `tkt_${newUuid7(sources)}`

/** For JSON schemas: exactly what this file makes, and nothing else. */
export const idPattern = (prefix: string): string => `^${prefix}_[0-7]${crockfordClass}{25}$`

const accountIdPattern = new RegExp(idPattern('acc'))
export const isAccountId = (text: string): text is AccountId => accountIdPattern.test(text)

const sessionIdPattern = new RegExp(idPattern('ses'))
export const isSessionId = (text: string): text is SessionId => sessionIdPattern.test(text)

/** The 16 bytes inside a session id; what a refresh token carries. */
export const sessionIdBytes = (id: SessionId): Buffer => decode(id.slice('ses_'.length))
export const sessionIdFromBytes = (bytes: Uint8Array): SessionId => `ses_${encode(bytes)}`

const anyId = new RegExp(`^[a-z]{3}_([0-7]${crockfordClass}{25})$`)

/** When an id of ours was made, in milliseconds since the epoch. Undefined for what is none. */
export function timeOfId(id: string): number | undefined {
  const [, text] = anyId.exec(id) ?? []
  return text === undefined ? undefined : decode(text).readUIntBE(0, 6)
}

/** UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then randomness; ids sort by time. */
function newUuid7({ clock, random }: Sources): string {
  const bytes = random.bytes(uuidBytes)
  bytes.writeUIntBE(clock.now(), 0, 6)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return encode(bytes)
}

function encode(bytes: Uint8Array): string {
  let text = ''
  let pending = 0
  // 128 bits are two short of 26 digits; they lead as zeros, so that the text sorts as the number does
  let bits = 2
  for (const byte of bytes) {
    pending = (pending << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += crockford[(pending >> bits) & 31]
      pending &= (1 << bits) - 1
    }
  }
  return text
}

function decode(text: string): Buffer {
  const bytes = Buffer.alloc(uuidBytes)
  let pending = 0
  let bits = -2
  let at = 0
  for (let i = 0; i < encodedLength; i++) {
    pending = (pending << 5) | crockford.indexOf(text[i] as string)
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes[at++] = (pending >> bits) & 255
      pending &= (1 << bits) - 1
    }
  }
  return bytes
}
