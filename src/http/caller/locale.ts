import type { FastifyRequest } from 'fastify'
import type { Locale } from '../../domain/locale.ts'
import { localeOf } from '../../words/locale.ts'

/** What the reader chose, or else what the application asked for, or else what the browser accepts. */
export const pageLocale = ({ headers }: Pick<FastifyRequest, 'headers'>, asked?: Locale | null): Locale =>
  localeOf({ cookie: headers.cookie, asked, accepted: headers['accept-language'] })
