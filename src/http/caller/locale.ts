import type { FastifyRequest } from 'fastify'
import type { Locale } from '../../domain/locale.ts'
import { localeOf } from '../../words/locale.ts'

/** The reader's choice, else the application's `ui_locales`, else `Accept-Language`. */
export const pageLocale = ({ headers }: Pick<FastifyRequest, 'headers'>, asked?: Locale | null): Locale =>
  localeOf({ cookie: headers.cookie, asked, accepted: headers['accept-language'] })
