import type { HttpContext } from '../context.ts'
import { applicationRoutes } from './account/applications.ts'
import { credentialRoutes } from './account/credentials.ts'
import { identifierRoutes } from './account/identifiers.ts'
import { keyTokenRoutes } from './account/key-token.ts'
import { meRoutes } from './account/me.ts'
import { personalPageRoutes } from './account/pages/index.ts'
import { mySessionRoutes } from './account/sessions.ts'
import { undoPageRoutes } from './account/undo-page.ts'
import { adminCredentialRoutes, adminRecoveryRoutes, adminSessionRoutes } from './admin/account-parts.ts'
import { adminAccountChangeRoutes, adminAccountRoutes } from './admin/accounts.ts'
import { adminClientChangeRoutes, adminClientRoutes } from './admin/clients.ts'
import { adminConnectionChangeRoutes, adminConnectionRoutes } from './admin/connections.ts'
import { adminEventRoutes } from './admin/events.ts'
import { adminImportChangeRoutes, adminImportRoutes } from './admin/imports.ts'
import { adminKeyRoutes } from './admin/keys.ts'
import { adminSamlChangeRoutes, adminSamlRoutes } from './admin/saml-applications.ts'
import { adminSettingsRoutes } from './admin/settings.ts'
import { interactionPageRoutes } from './oauth/interaction-page.ts'
import { keyRoutes } from './oauth/keys.ts'
import { protectedRoutes } from './oauth/protected.ts'
import { sessionRoutes } from './oauth/refresh-and-logout.ts'
import { statusListRoutes } from './oauth/status-list.ts'
import { wellKnownRoutes } from './oauth/well-known.ts'
import { organisationConnectionRoutes } from './organisations/connections.ts'
import { organisationDomainRoutes } from './organisations/domains.ts'
import { organisationFormRoutes } from './organisations/forms.ts'
import { invitationRoutes } from './organisations/invitations.ts'
import { joinPageRoutes } from './organisations/join-pages.ts'
import { memberRoutes } from './organisations/members.ts'
import {
  adminOrganisationRoutes,
  myOrganisationRoutes,
  organisationRoutes,
} from './organisations/organisation.ts'
import { organisationPageRoutes } from './organisations/pages.ts'
import { samlSignInRoutes } from './saml/sign-in.ts'
import { samlSignOutRoutes } from './saml/sign-out.ts'
import { scimRoutes } from './scim/scim.ts'
import { docsRoutes } from './service/docs.ts'
import { healthRoutes } from './service/health.ts'
import { languageRoutes } from './service/language.ts'
import { attemptRoutes } from './sign-in/attempts.ts'
import { callbackPageRoutes } from './sign-in/callback-page.ts'
import { directoryPageRoutes } from './sign-in/directory-page.ts'
import { donePageRoute } from './sign-in/done-page.ts'
import { signInPageRoutes } from './sign-in/identify-page.ts'
import { linkPageRoutes } from './sign-in/link-page.ts'
import { loginRoutes } from './sign-in/login.ts'
import { provePageRoutes } from './sign-in/prove-page.ts'
import { recoveryLinkPageRoutes } from './sign-in/recovery-link-page.ts'
import { selfDescriptionRoutes } from './sign-in/self-description.ts'
import { upstreamEventRoutes } from './sign-in/upstream-events.ts'
import { upstreamLogoutRoutes } from './sign-in/upstream-logout.ts'
import { upstreamPageRoutes } from './sign-in/upstream-page.ts'
import { previewRoutes } from './sign-up/preview.ts'
import { accountRoutes } from './sign-up/sign-up.ts'
import { signUpPageRoutes } from './sign-up/sign-up-page.ts'

/** The one list of routes, in the order of the interactive page. */
export const routes: readonly ((context: HttpContext) => void)[] = [
  loginRoutes,
  accountRoutes,
  previewRoutes,
  attemptRoutes,
  credentialRoutes,
  identifierRoutes,
  linkPageRoutes,
  recoveryLinkPageRoutes,
  undoPageRoutes,
  wellKnownRoutes,
  sessionRoutes,
  protectedRoutes,
  meRoutes,
  mySessionRoutes,
  keyTokenRoutes,
  applicationRoutes,
  myOrganisationRoutes,
  organisationRoutes,
  organisationDomainRoutes,
  memberRoutes,
  invitationRoutes,
  organisationConnectionRoutes,
  keyRoutes,
  healthRoutes,
  signUpPageRoutes,
  signInPageRoutes,
  donePageRoute,
  provePageRoutes,
  upstreamPageRoutes,
  directoryPageRoutes,
  callbackPageRoutes,
  upstreamEventRoutes,
  upstreamLogoutRoutes,
  selfDescriptionRoutes,
  samlSignInRoutes,
  samlSignOutRoutes,
  scimRoutes,
  languageRoutes,
  ...personalPageRoutes,
  organisationPageRoutes,
  organisationFormRoutes,
  joinPageRoutes,
  interactionPageRoutes,
  statusListRoutes,
  adminAccountRoutes,
  adminAccountChangeRoutes,
  adminSessionRoutes,
  adminCredentialRoutes,
  adminRecoveryRoutes,
  adminClientRoutes,
  adminClientChangeRoutes,
  adminConnectionRoutes,
  adminConnectionChangeRoutes,
  adminSamlRoutes,
  adminSamlChangeRoutes,
  adminOrganisationRoutes,
  adminImportRoutes,
  adminImportChangeRoutes,
  adminKeyRoutes,
  adminEventRoutes,
  adminSettingsRoutes,
  docsRoutes,
]
