import type { Brand } from '../domain/brand.ts'
import type { Locale } from '../domain/locale.ts'
import type { Html } from './html.ts'

/** What a page says, before it is wrapped in the layout. */
export interface PageContent {
  title: string
  body: Html
  /**
   * Where the browser goes by itself: not a redirect, which a form's policy would forbid to lead to another
   * site.
   */
  onward?: string
  /** The reader's own where left out. */
  locale?: Locale
  /** Source that runs when the page is there. */
  script?: string
  /** Room for lists, in cards of its own; one narrow card where left out. */
  wide?: boolean
  /** Of the application that the user comes from; it overrides the server's own. */
  brand?: Brand | null | undefined
  /** Offers to sign out. */
  signedIn?: boolean
}
