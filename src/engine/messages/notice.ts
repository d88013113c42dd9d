import type { AccountIdentifier, AccountWithIdentifiers } from '../../domain/account.ts'
import type { NoticeKind } from '../../words/language.ts'
import type { Requester } from '../request-context.ts'
import type { MessageTransaction } from './needs.ts'

export interface Notice {
  account: AccountWithIdentifiers
  notice: NoticeKind
  /** The method it is about. */
  method?: string
  requester: Requester
  /** Another recipient than the account's current address, such as its former one. */
  to?: Pick<AccountIdentifier, 'kind' | 'value'> & { verifiedAt?: number | null }
  link?: string
}

export type Notify = (tx: MessageTransaction, notice: Notice) => Promise<void>
