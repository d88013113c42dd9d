import { organisationStates } from '../../domain/organisation.ts'
import {
  addOrganisation,
  type OrganisationChange,
  removeOrganisation,
  updateOrganisation,
} from '../../engine/organisations/organisations.ts'
import { policyFrom, presentOrganisation } from '../../engine/organisations/present-organisation.ts'
import { rehearsePolicy } from '../../engine/policy/simulate-policy.ts'
import { readBrand } from '../../settings/brand-file.ts'
import {
  type Command,
  type CommandInput,
  type CommandOption,
  confirm,
  confirmation,
  oneOf,
  refusal,
  table,
  textOf,
  withInstallation,
} from '../command.ts'
import { findOrganisation } from '../find-organisation.ts'
import { daysOf, daysOption, showRehearsal } from './rehearsal.ts'

const listMax = 10_000
const actor = 'cli'

const changeOptions: Command['options'] = {
  name: { type: 'string', value: 'TEXT', description: 'What its members read' },
  policy: {
    type: 'string',
    value: 'JSON',
    description: 'What it asks beyond the server’s policy, such as {"acr":"aal2","session_hours_max":12}',
  },
}

const brandOption: Command['options'] = {
  brand: {
    type: 'string',
    value: 'FILE',
    description: 'The brand of pages for its people: JSON or YAML as in docs/pages.md; none for the server’s',
  },
}

export const orgAdd: Command = {
  name: 'org add',
  summary: 'Create an organisation.',
  arguments: ['SLUG'],
  options: changeOptions,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const [slug = ''] = input.arguments
      const { name = slug, policy } = changeOf(input)
      const given = { slug, name, ...(policy && { policy }), actor }
      const data = presentOrganisation(await addOrganisation(engine, given))
      return { data, text: `${data.slug}  ${data.id}` }
    }),
}

export const orgList: Command = {
  name: 'org list',
  summary: 'Organisations.',
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const found = await engine.store.organisations.list({ after: null, limit: listMax })
      const organisations = found.map(presentOrganisation)
      const rows = organisations.map(({ slug, name, state, id }) => [slug, name, state, id])
      return { data: { organisations }, text: table(['SLUG', 'NAME', 'STATE', 'ID'], rows) }
    }),
}

export const orgShow: Command = {
  name: 'org show',
  summary: 'Show one organisation, with its domains.',
  arguments: ['ORGANISATION'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const organisation = await findOrganisation(engine, input)
      const domains = await engine.store.organisationDomains.list(organisation.id)
      const data = {
        ...presentOrganisation(organisation),
        domains: domains.map(({ domain, verifiedAt }) => ({ domain, verified: verifiedAt !== null })),
      }
      const policy = JSON.stringify(data.policy)
      const lines = [
        ...[`slug      ${data.slug}`, `name      ${data.name}`, `id        ${data.id}`],
        ...[`state     ${data.state}`, `policy    ${policy === '{}' ? 'as the server’s' : policy}`],
        ...data.domains.map(
          ({ domain, verified }) => `domain    ${domain}${verified ? '' : ' (not verified)'}`,
        ),
      ]
      return { data, text: lines.join('\n') }
    }),
}

export const orgUpdate: Command = {
  name: 'org update',
  summary: 'Change the given settings of an organisation.',
  arguments: ['ORGANISATION'],
  options: {
    ...changeOptions,
    ...brandOption,
    slug: { type: 'string', value: 'SLUG', description: 'Its name in parameters' },
    state: {
      type: 'string',
      value: 'STATE',
      description: `Of ${organisationStates.join(', ')}; disabling it ends the sessions for it`,
    },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const organisation = await findOrganisation(engine, input)
      const brand = textOf(input, 'brand')
      const change = {
        ...changeOf(input),
        ...(brand !== undefined && { brand: brand === 'none' ? null : await readBrand(brand) }),
      }
      const given = { organisation, revision: null, change, actor }
      const data = presentOrganisation(await updateOrganisation(engine, given))
      return { data, text: `${data.slug} is ${data.state}` }
    }),
}

export const orgRehearse: Command = {
  name: 'org rehearse',
  summary:
    'Simulate other rules of an organisation with past attempts. Changes nothing. Exit code 4 if an account would be locked out.',
  arguments: ['ORGANISATION'],
  options: { policy: changeOptions.policy as CommandOption, ...daysOption },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const { slug } = await findOrganisation(engine, input)
      const { policy = {} } = changeOf(input)
      const document = engine.settings.policy
      const given = { document, days: daysOf(input), organisation: { slug, policy } }
      return showRehearsal(await rehearsePolicy(engine, given))
    }),
}

export const orgRemove: Command = {
  name: 'org remove',
  summary: 'Remove an organisation. Its members keep their accounts.',
  arguments: ['ORGANISATION'],
  options: confirmation,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const organisation = await findOrganisation(engine, input)
      await confirm(input, `This removes ${organisation.name}, its members, domains and connections.`)
      await removeOrganisation(engine, { organisation, actor })
      return { data: { removed: organisation.id }, text: `removed ${organisation.slug}` }
    }),
}

function changeOf(input: CommandInput): OrganisationChange {
  const [name, slug] = [textOf(input, 'name'), textOf(input, 'slug')]
  const state = oneOf(input, 'state', organisationStates)
  const policy = textOf(input, 'policy')
  return {
    ...(name !== undefined && { name }),
    ...(slug !== undefined && { slug }),
    ...(state !== undefined && { state }),
    ...(policy !== undefined && { policy: policyIn(policy) }),
  }
}

function policyIn(json: string): NonNullable<OrganisationChange['policy']> {
  const known = ['acr', 'phishing_resistant', 'methods', 'session_hours_max']
  try {
    const given = JSON.parse(json)
    if (Object.keys(given).every((name) => known.includes(name))) return policyFrom(given)
  } catch {}
  throw refusal('policy', `takes a JSON object with ${known.join(', ')}`)
}
