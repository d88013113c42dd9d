import type { Migration } from '../migrate.ts'
import { foundation } from './0001-foundation.ts'
import { manyWaysIn } from './0002-many-ways-in.ts'
import { openidProvider } from './0003-openid-provider.ts'
import { rescue } from './0004-rescue.ts'
import { many } from './0005-many.ts'
import { federation } from './0006-federation.ts'
import { ownedDomains } from './0007-owned-domains.ts'
import { zones } from './0008-zones.ts'
import { organisations } from './0009-organisations.ts'
import { samlApplications } from './0010-saml-applications.ts'
import { organisationBrand } from './0011-organisation-brand.ts'
import { imports } from './0012-imports.ts'
import { provisioning } from './0013-provisioning.ts'
import { samlSessions } from './0014-saml-sessions.ts'

/**
 * In order, forward only. A migration that has been released is never changed: its checksum would no longer
 * fit.
 */
export const migrations: readonly Migration[] = [
  foundation,
  manyWaysIn,
  openidProvider,
  rescue,
  many,
  federation,
  ownedDomains,
  zones,
  organisations,
  samlApplications,
  organisationBrand,
  imports,
  provisioning,
  samlSessions,
]
