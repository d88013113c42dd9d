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
  /** Somewhere else than where the account is reached, such as its former address. */
  to?: Pick<AccountIdentifier, 'kind' | 'value'> & { verifiedAt?: number | null }
  link?: string
}

export type Notify = (tx: MessageTransaction, notice: Notice) => Promise<void>
