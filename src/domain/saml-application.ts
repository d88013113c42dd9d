import type { Assurance } from './assurance.ts'
import type { OrganisationId, SamlApplicationId } from './id.ts'
import type { KeyRotation } from './key-rotation.ts'
import type { MetadataSource } from './metadata-source.ts'

/** How a user is named to the application: by a name of its own, or by the verified address. */
export const nameIdFormats = ['persistent', 'email'] as const
export type NameIdFormat = (typeof nameIdFormats)[number]

/** What an attribute can say of a user. */
export const attributeSources = [
  'id',
  'email',
  'name',
  'username',
  'phone',
  'locale',
  'org_id',
  'org_roles',
] as const
export type AttributeSource = (typeof attributeSources)[number]

/** What an application says of itself (SAML Metadata §2.4.4). */
export interface ServiceProvider {
  entityId: string
  /** Where responses are posted; the first is the default. */
  acsUrls: readonly string[]
  /** Where it is asked to sign a user out, by redirect; null if it has none. */
  logoutUrl: string | null
  /** Where it is answered; null if it has none. */
  logoutResponseUrl: string | null
  /** Its signing certificates, DER in base64. */
  certificates: readonly string[]
  /** For which assertions can be encrypted; null if it names none. */
  encryptionCertificate: string | null
}

/** An application that signs its users in by SAML 2.0. Times are milliseconds since the epoch. */
export interface SamlApplication extends ServiceProvider {
  id: SamlApplicationId
  /** In paths; unique. */
  slug: string
  name: string
  nameIdFormat: NameIdFormat
  /** By the name of the SAML attribute. */
  attributes: Readonly<Record<string, AttributeSource>>
  /** The least that its users must prove. */
  acr: Assurance | null
  /** Whether a sign-in may begin here, with no request of the application. */
  unsolicited: boolean
  /** Whether its requests must be signed. */
  signedRequests: boolean
  /** Whether assertions are encrypted. */
  encrypts: boolean
  /** Whose members may use it, and whose roles it is told; null if anyone may. */
  organisationId: OrganisationId | null
  /** The key that signs for it, and the secret of its persistent names. */
  secretSealed: string
  revision: number
  createdAt: number
  updatedAt: number
}

/** Where an application finds this server; also its entity id. */
export const samlPath = (
  issuer: string,
  { slug }: Pick<SamlApplication, 'slug'>,
  at: 'metadata' | 'sign-in' | 'sign-out' | 'start',
): string => `${issuer}/saml/${slug}/${at}`

/** Unsealed. */
export interface SamlSecret {
  /** A private key and its certificates, PEM. */
  key: string
  /** 32 bytes in base64url. */
  names: string
}

/** How a message came: of a redirect, the query as it was sent, since its encoding is signed. */
export type SamlMessage = { query: string } | { form: { message: string; relayState: string | null } }

/** A request to sign a user in, checked. */
export interface SamlRequest {
  /** Null if the application did not ask. */
  id: string | null
  acsUrl: string
  relayState: string | null
  /** Authenticate anew. */
  isForced: boolean
  /** Show no page. */
  isPassive: boolean
  acr: Assurance | null
}

/** Why there is no assertion (SAML Core §3.2.2.2). */
export type SamlRefusal = 'NoPassive'

/** Who signed in. */
export interface SamlSubject {
  nameId: string
  attributes: readonly { name: string; values: readonly string[] }[]
  /** Of the session. */
  sessionIndex: string
  authenticatedAt: number
  acr: Assurance
}

export interface SamlCall {
  application: SamlApplication
  secret: SamlSecret
  /** Of this server. */
  issuer: string
  now: number
  /** Of XML; unique. */
  newId(): string
}

/** What a form posts to the application. */
export interface SamlPost {
  url: string
  fields: Readonly<Record<string, string>>
}

/** A checked LogoutRequest. */
export interface SamlLogout {
  id: string
  nameId: string
  relayState: string | null
}

/** SAML 2.0 as an identity provider. Throws UpstreamFault for what the application did not send. */
export interface SamlProtocol {
  createSecret(slug: string, now: number, names: string): Promise<SamlSecret>
  rotateSecret(secret: SamlSecret, rotation: KeyRotation): Promise<SamlSecret>
  readServiceProvider(source: MetadataSource, now: number): Promise<ServiceProvider>
  describe(call: SamlCall): Promise<string>
  readRequest(call: SamlCall, message: SamlMessage): Promise<SamlRequest>
  respond(
    call: SamlCall,
    request: SamlRequest,
    answer: SamlSubject | { refusal: SamlRefusal },
  ): Promise<SamlPost>
  readLogout(call: SamlCall, message: SamlMessage): Promise<SamlLogout>
  /** Where the browser brings the answer; null if the application has no address for it. */
  answerLogout(call: SamlCall, logout: SamlLogout): Promise<string | null>
  /** Where the browser brings a request to sign out; null if the application has no address for it. */
  requestLogout(
    call: SamlCall,
    session: Pick<SamlSubject, 'nameId' | 'sessionIndex'> & { relayState: string },
  ): Promise<string | null>
  /** How the application knows the user. */
  persistentName(call: Pick<SamlCall, 'application' | 'secret'>, accountId: string): string
}
