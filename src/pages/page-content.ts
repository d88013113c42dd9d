import type { Brand } from '../domain/brand.ts'
import type { Locale } from '../domain/locale.ts'
import type { Html } from './html.ts'

/** The content of a page, before it is wrapped in the layout. */
export interface PageContent {
  title: string
  body: Html
  /** A refresh to this URL. Not a redirect: `form-action` would block a redirect to another site. */
  continueUrl?: string
  /** The reader's own where left out. */
  locale?: Locale
  /** Further style rules. */
  rules?: string
  /** Another origin that its form posts to; what that redirects to must be https. */
  postsTo?: string
  /** Source that runs when the page is there. */
  script?: string
  /** Wide layout for lists, with several cards; one narrow card by default. */
  wide?: boolean
  /** Of the application that the user comes from; it overrides the server's own. */
  brand?: Brand | null | undefined
  /** Offers to sign out. */
  signedIn?: boolean
}
