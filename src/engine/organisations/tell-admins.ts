import type { OrganisationId } from '../../domain/id.ts'
import { allWords } from '../../words/languages.ts'
import { say } from '../../words/say.ts'
import { sendMessage } from '../messages/send-message.ts'
import type { OrganisationNeeds, OrganisationTransaction } from './needs.ts'

const toldAtMost = { after: null, limit: 20, onlyAdmins: true }

/** A mail to each admin of an organisation with a confirmed address, in their language. */
export async function tellAdmins(
  engine: OrganisationNeeds,
  tx: OrganisationTransaction,
  { organisationId, what, about }: { organisationId: OrganisationId; what: 'domainLost'; about: string },
): Promise<void> {
  const organisation = await tx.organisations.find(organisationId)
  if (!organisation) return
  for (const { locale, identifiers } of await tx.accounts.listMembers(organisationId, toldAtMost)) {
    const address = identifiers.find(({ kind, verifiedAt }) => kind === 'email' && verifiedAt !== null)
    if (!address) continue
    const words = allWords[locale].organisationMails
    const names = { organisation: organisation.name, about }
    await sendMessage(engine, tx, {
      ...{ channel: 'email', to: address.value, locale },
      subject: say(locale, words[what], names),
      paragraphs: [say(locale, words[`${what}Text`], names)],
      link: {
        url: `${engine.settings.issuer}/account/organisations/${organisationId}`,
        label: words.open,
      },
    })
  }
}
