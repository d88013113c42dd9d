import { toTimestamp } from '../../domain/clock.ts'
import { type SamlApplication, samlPath } from '../../domain/saml-application.ts'

/** An application by SAML as operators see it: everything but its secret. */
export const presentSamlApplication = (application: SamlApplication, issuer: string) => ({
  id: application.id,
  slug: application.slug,
  name: application.name,
  entity_id: application.entityId,
  acs_urls: [...application.acsUrls],
  logout_url: application.logoutUrl,
  logout_response_url: application.logoutResponseUrl,
  certificates: [...application.certificates],
  encryption_certificate: application.encryptionCertificate,
  name_id_format: application.nameIdFormat,
  attributes: application.attributes,
  acr: application.acr,
  unsolicited: application.unsolicited,
  signed_requests: application.signedRequests,
  encrypted_assertions: application.encrypts,
  organisation: application.organisationId,
  metadata_url: samlPath(issuer, application, 'metadata'),
  sign_in_url: samlPath(issuer, application, 'sign-in'),
  start_url: application.unsolicited ? samlPath(issuer, application, 'start') : null,
  revision: application.revision,
  created_at: toTimestamp(application.createdAt),
  updated_at: toTimestamp(application.updatedAt),
})
