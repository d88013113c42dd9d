import { domainRecord } from '../../domain/organisation.ts'
import { claimDomain, removeDomain, verifyDomain } from '../../engine/organisations/domains.ts'
import { presentDomain } from '../../engine/organisations/present-organisation.ts'
import { type Command, confirm, confirmation, table, withInstallation } from '../command.ts'
import { findOrganisation } from '../find-organisation.ts'

const actor = 'cli'

export const orgDomainAdd: Command = {
  name: 'org domain add',
  summary: 'Claim a mail domain; prints the TXT record that proves it.',
  arguments: ['ORGANISATION', 'DOMAIN'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const [, domain = ''] = input.arguments
      const organisation = await findOrganisation(engine, input)
      const claim = await claimDomain(engine, { organisation, domain, actor })
      const { name, value } = domainRecord(claim)
      const next = `then: sumun org domain verify ${organisation.slug} ${claim.domain}`
      return { data: presentDomain(claim), text: `add this record: ${name} TXT "${value}"\n${next}` }
    }),
}

export const orgDomainVerify: Command = {
  name: 'org domain verify',
  summary: 'Look the TXT record of a domain up.',
  arguments: ['ORGANISATION', 'DOMAIN'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const [, domain = ''] = input.arguments
      const organisation = await findOrganisation(engine, input)
      const claim = await verifyDomain(engine, { organisation, domain, actor })
      return { data: presentDomain(claim), text: `${claim.domain} belongs to ${organisation.slug}` }
    }),
}

export const orgDomainList: Command = {
  name: 'org domain list',
  summary: 'Mail domains of an organisation, and their TXT records.',
  arguments: ['ORGANISATION'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const { id } = await findOrganisation(engine, input)
      const domains = (await engine.store.organisationDomains.list(id)).map(presentDomain)
      const rows = domains.map(({ domain, verified, missing_since, record }) => [
        ...[domain, verified ? (missing_since ? 'record missing' : 'verified') : 'not verified'],
        ...[record.name, record.value],
      ])
      return { data: { domains }, text: table(['DOMAIN', 'STATE', 'TXT RECORD', 'VALUE'], rows) }
    }),
}

export const orgDomainRemove: Command = {
  name: 'org domain remove',
  summary: 'Give a mail domain up.',
  arguments: ['ORGANISATION', 'DOMAIN'],
  options: confirmation,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const [, domain = ''] = input.arguments
      const organisation = await findOrganisation(engine, input)
      await confirm(input, `This takes ${domain} from ${organisation.name}.`)
      await removeDomain(engine, { organisation, domain, actor })
      return { data: { removed: domain }, text: `removed ${domain}` }
    }),
}
