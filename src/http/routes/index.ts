import type { HttpContext } from '../context.ts'
import { personalPageRoutes } from './account-pages/index.ts'
import { accountRoutes } from './accounts.ts'
import { adminCredentialRoutes, adminSessionRoutes } from './admin/account-parts.ts'
import { adminAccountChangeRoutes, adminAccountRoutes } from './admin/accounts.ts'
import { adminClientChangeRoutes, adminClientRoutes } from './admin/clients.ts'
import { adminKeyRoutes } from './admin/keys.ts'
import { adminOperationRoutes } from './admin/operation.ts'
import { applicationRoutes } from './applications.ts'
import { attemptRoutes } from './attempts.ts'
import { credentialRoutes } from './credentials.ts'
import { docsRoutes } from './docs.ts'
import { healthRoutes } from './health.ts'
import { identifierRoutes } from './identifiers.ts'
import { interactionPageRoutes } from './interaction-page.ts'
import { keyRoutes } from './keys.ts'
import { languageRoutes } from './language.ts'
import { linkPageRoutes } from './link-page.ts'
import { loginRoutes } from './login.ts'
import { keyTokenRoutes, meRoutes, mySessionRoutes } from './me.ts'
import { protectedRoutes } from './protected.ts'
import { provePageRoutes } from './prove-page.ts'
import { recoveryLinkPageRoutes } from './recovery-link-page.ts'
import { sessionRoutes } from './session.ts'
import { signInPageRoutes } from './sign-in-page.ts'
import { signUpPageRoutes } from './sign-up-page.ts'
import { statusListRoutes } from './status-list.ts'
import { undoPageRoutes } from './undo-page.ts'
import { wellKnownRoutes } from './well-known.ts'

/** The one list of routes, in the order of the interactive page. */
export const routes: readonly ((context: HttpContext) => void)[] = [
  loginRoutes,
  accountRoutes,
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
  keyRoutes,
  healthRoutes,
  signUpPageRoutes,
  signInPageRoutes,
  provePageRoutes,
  languageRoutes,
  ...personalPageRoutes,
  interactionPageRoutes,
  statusListRoutes,
  adminAccountRoutes,
  adminAccountChangeRoutes,
  adminSessionRoutes,
  adminCredentialRoutes,
  adminClientRoutes,
  adminClientChangeRoutes,
  adminKeyRoutes,
  adminOperationRoutes,
  docsRoutes,
]
