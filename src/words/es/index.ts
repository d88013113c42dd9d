import type { Language } from '../language.ts'
import { identifiers } from './identifiers.ts'
import { methods } from './methods.ts'
import { notices } from './notices.ts'
import { organisationMails } from './organisation-mails.ts'
import { pages } from './pages.ts'
import { problems } from './problems.ts'
import { recoveryMail } from './recovery-mail.ts'
import { verification } from './verification.ts'

export const es: Language = {
  identifiers,
  methods,
  notices,
  organisationMails,
  pages,
  problems,
  recoveryMail,
  verification,
}
