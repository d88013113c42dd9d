import type { HttpContext } from '../../../context.ts'
import { activityPageRoutes } from './activity.ts'
import { addressPageRoutes } from './addresses.ts'
import { connectionPageRoutes } from './connections.ts'
import { wayPageRoutes } from './credentials.ts'
import { dataPageRoutes } from './data.ts'
import { directoryLinkRoutes } from './directory-link.ts'
import { accountPageRoutes } from './overview.ts'
import { rescuePageRoutes } from './rescue.ts'

export const personalPageRoutes: readonly ((context: HttpContext) => void)[] = [
  accountPageRoutes,
  activityPageRoutes,
  wayPageRoutes,
  connectionPageRoutes,
  directoryLinkRoutes,
  addressPageRoutes,
  dataPageRoutes,
  rescuePageRoutes,
]
