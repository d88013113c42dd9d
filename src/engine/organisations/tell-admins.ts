import { verifiedIdentifier } from '../../domain/account.ts'
import type { OrganisationId } from '../../domain/id.ts'
import { allWords } from '../../words/languages.ts'
import { say } from '../../words/say.ts'
import { sendMessage } from '../messages/send-message.ts'
import type { OrganisationNeeds, OrganisationTransaction } from './needs.ts'

const toldAtMost = 20

interface Told {
  /** Whose admins; null: the operators of the server. */
  organisationId: OrganisationId | null
  what: 'domainLost' | 'secretExpires'
  about: string
  day?: string
}

/** A mail to each admin with a verified address, in their language. */
export async function tellAdmins(
  engine: OrganisationNeeds,
  tx: OrganisationTransaction,
  { organisationId, what, about, day = '' }: Told,
): Promise<void> {
  const organisation = organisationId && (await tx.organisations.find(organisationId))
  const page = { after: null, limit: toldAtMost }
  const admins = organisation
    ? tx.accounts.listMembers(organisation.id, { ...page, onlyAdmins: true })
    : tx.accounts.list({ ...page, state: 'active', role: 'operator' })
  for (const admin of await admins) {
    const { locale } = admin
    const address = verifiedIdentifier(admin, 'email')
    if (!address) continue
    const words = allWords[locale].organisationMails
    const names = { organisation: organisation ? organisation.name : engine.settings.siteName, about, day }
    await sendMessage(engine, tx, {
      ...{ channel: 'email', to: address.value, locale },
      subject: say(locale, words[what], names),
      paragraphs: [say(locale, words[`${what}Text`], names)],
      ...(organisation && {
        link: {
          url: `${engine.settings.issuer}/account/organisations/${organisation.id}`,
          label: words.open,
        },
      }),
    })
  }
}
