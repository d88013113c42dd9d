import type { Sealer } from '../../crypto/seal.ts'
import { type Federation, slugPattern, UpstreamFault } from '../../domain/connection.ts'
import { newSamlApplicationId, type SamlApplicationId } from '../../domain/id.ts'
import type { KeyRotation } from '../../domain/key-rotation.ts'
import type { MetadataSource } from '../../domain/metadata-source.ts'
import { Problem } from '../../domain/problem.ts'
import {
  type AttributeSource,
  attributeSources,
  type SamlApplication,
  type SamlCall,
  type SamlSecret,
} from '../../domain/saml-application.ts'
import { UniqueViolation } from '../../store/database.ts'
import type { StoreOf } from '../../store/store.ts'
import type { EngineSettings } from '../settings.ts'
import type { ClientNeeds } from './needs.ts'

const isSlug = new RegExp(slugPattern)
const namesBytes = 32
const idBytes = 20
const attributesMax = 40
const nameLengthMax = 100
const attributeLengthMax = 256

/** What most applications read (RFC 4524 §2.16, RFC 2798 §2.3). */
const usualAttributes = {
  'urn:oid:0.9.2342.19200300.100.1.3': 'email',
  'urn:oid:2.16.840.1.113730.3.1.241': 'name',
} as const

/** What registering applications by SAML, and answering them, uses. */
export interface SamlNeeds extends Pick<ClientNeeds, 'clock' | 'random' | 'audit'> {
  store: StoreOf<
    'samlApplications' | 'samlParticipants' | 'organisations' | 'memberships' | 'tickets' | 'events'
  >
  settings: Pick<EngineSettings, 'issuer'>
  sealer: Sealer
  federation: Pick<Federation, 'identityProvider'>
}

export type SamlApplicationChange = Partial<
  Pick<
    SamlApplication,
    | 'name'
    | 'nameIdFormat'
    | 'attributes'
    | 'acr'
    | 'unsolicited'
    | 'signedRequests'
    | 'encrypts'
    | 'organisationId'
  >
> & { metadata?: MetadataSource }

/** An application, as its metadata describes it. Throws `invalid_fields`, `conflict` if its slug is taken. */
export async function addSamlApplication(
  engine: SamlNeeds,
  given: SamlApplicationChange & { slug: string; metadata: MetadataSource; actor: string },
): Promise<SamlApplication> {
  const { slug, metadata, actor, ...rest } = given
  if (!isSlug.test(slug)) throw invalid('slug: at most 32 small letters, digits and dashes, a letter first')
  const now = engine.clock.now()
  const id = newSamlApplicationId(engine)
  const names = engine.random.bytes(namesBytes).toString('base64url')
  const described = await serviceProviderIn(engine, metadata)
  const secret = await engine.federation.identityProvider.createSecret(slug, now, names)
  const application: SamlApplication = {
    ...{ name: slug, nameIdFormat: 'persistent', attributes: usualAttributes, acr: null },
    ...{ unsolicited: false, signedRequests: false, encrypts: false, organisationId: null },
    ...rest,
    ...described,
    ...{ id, slug, secretSealed: engine.sealer.seal(JSON.stringify(secret), samlBinding(id)) },
    ...{ revision: 1, createdAt: now, updatedAt: now },
  }
  refuseUnfit(application)
  const write = engine.store.transaction(async (tx) => {
    await tx.samlApplications.insert(application)
    await engine.audit.record(tx, { kind: 'saml_application.created', actor, subject: id, details: { slug } })
  })
  await write.catch((error) => {
    throw error instanceof UniqueViolation
      ? new Problem('conflict', { detail: `There is an application ${slug} already`, cause: error })
      : error
  })
  return application
}

/**
 * Changes the given members. `revision`: null for any. Throws `invalid_fields`, `precondition_failed`,
 * `conflict` if it was changed at the same time.
 */
export async function updateSamlApplication(
  engine: SamlNeeds,
  given: {
    application: SamlApplication
    revision: number | null
    change: SamlApplicationChange
    actor: string
  },
): Promise<SamlApplication> {
  const { application: former, revision, change, actor } = given
  if (revision !== null && revision !== former.revision) throw new Problem('precondition_failed')
  const { metadata, ...members } = change
  const described = metadata ? await serviceProviderIn(engine, metadata) : {}
  const next = { ...former, ...members, ...described, updatedAt: engine.clock.now() }
  refuseUnfit(next)
  return write(engine, next, { fields: Object.keys(change).join(' '), actor })
}

/** A step of changing its key (see KeyRotation). Throws `invalid_fields` if it does not fit, `conflict`. */
export async function rotateSamlKey(
  engine: SamlNeeds,
  { application, step, actor }: { application: SamlApplication; step: KeyRotation['step']; actor: string },
): Promise<SamlApplication> {
  const { id, slug } = application
  const { secret, now } = samlCallOf(engine, application)
  const rotation = { step, name: slug, now }
  const rotated = await engine.federation.identityProvider.rotateSecret(secret, rotation).catch(asInvalid(''))
  const secretSealed = engine.sealer.seal(JSON.stringify(rotated), samlBinding(id))
  return write(engine, { ...application, secretSealed, updatedAt: now }, { fields: `key ${step}`, actor })
}

async function write(
  engine: SamlNeeds,
  next: SamlApplication,
  { fields, actor }: { fields: string; actor: string },
): Promise<SamlApplication> {
  await engine.store.transaction(async (tx) => {
    if (!(await tx.samlApplications.update(next))) throw new Problem('conflict')
    const details = { slug: next.slug, fields }
    await engine.audit.record(tx, { kind: 'saml_application.updated', actor, subject: next.id, details })
  })
  return { ...next, revision: next.revision + 1 }
}

/** Throws `not_found`. */
export async function removeSamlApplication(
  engine: SamlNeeds,
  { application: { id, slug }, actor }: { application: SamlApplication; actor: string },
): Promise<void> {
  await engine.store.transaction(async (tx) => {
    if (!(await tx.samlApplications.remove(id))) throw new Problem('not_found')
    await engine.audit.record(tx, { kind: 'saml_application.removed', actor, subject: id, details: { slug } })
  })
}

/** By id or slug. Throws `not_found`. */
export async function findSamlApplication(
  { store }: Pick<SamlNeeds, 'store'>,
  which: { id: SamlApplicationId } | { slug: string },
): Promise<SamlApplication> {
  const { samlApplications } = store
  const found = 'id' in which ? samlApplications.find(which.id) : samlApplications.findBySlug(which.slug)
  const application = await found
  if (!application) throw new Problem('not_found')
  return application
}

/** What speaks SAML with an application. */
export function samlCallOf(engine: SamlNeeds, application: SamlApplication): SamlCall {
  const { id, secretSealed } = application
  return {
    application,
    secret: JSON.parse(engine.sealer.open(secretSealed, samlBinding(id))) as SamlSecret,
    issuer: engine.settings.issuer,
    now: engine.clock.now(),
    newId: () => `_${engine.random.bytes(idBytes).toString('hex')}`,
  }
}

/** The binding of an application's sealed secret. */
export const samlBinding = (id: SamlApplicationId): string => `saml-application/${id}`

/** Throws `invalid_fields` if it cannot be had, or is of no application. */
async function serviceProviderIn({ federation, clock }: SamlNeeds, source: MetadataSource) {
  const read = federation.identityProvider.readServiceProvider(source, clock.now())
  const described = await read.catch(asInvalid('metadata: '))
  const { acsUrls, logoutUrl, logoutResponseUrl } = described
  const unsafe = [...acsUrls, logoutUrl, logoutResponseUrl].filter((one) => one !== null)
  const wrong = unsafe.find((url) => !/^https?:\/\/[^\s#]+$/.test(url) || !URL.canParse(url))
  if (wrong !== undefined) throw invalid(`metadata: ${wrong.slice(0, 200)} is no address of the web`)
  return described
}

function refuseUnfit(application: SamlApplication): void {
  const { name, attributes, signedRequests, certificates, encrypts, encryptionCertificate } = application
  if (name.trim() === '' || name.length > nameLengthMax)
    throw invalid(`name: 1 to ${nameLengthMax} characters`)
  const entries = Object.entries(attributes)
  const isWrong = entries.some(
    ([key, source]) =>
      key.trim() === '' || key.length > attributeLengthMax || !attributeSources.includes(source),
  )
  if (isWrong || entries.length > attributesMax)
    throw invalid(`attributes: at most ${attributesMax}, each one of ${attributeSources.join(', ')}`)
  if (signedRequests && certificates.length === 0)
    throw invalid('signed_requests: the metadata has no signing certificate')
  if (encrypts && encryptionCertificate === null)
    throw invalid('encrypted_assertions: the metadata has no certificate for encryption')
  const saysRoles = entries.some(([, source]) => isOfOrganisation(source))
  if (saysRoles && application.organisationId === null)
    throw invalid('attributes: org_id and org_roles are of an application of an organisation')
}

const isOfOrganisation = (source: AttributeSource): boolean => source.startsWith('org_')

const asInvalid =
  (place: string) =>
  (error: unknown): never => {
    throw error instanceof UpstreamFault ? invalid(place + error.message) : error
  }

const invalid = (detail: string): Problem => new Problem('invalid_fields', { detail })
