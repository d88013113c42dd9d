import { assurances } from '../../domain/assurance.ts'
import { nameIdFormats, type SamlApplication } from '../../domain/saml-application.ts'
import { presentSamlApplication } from '../../engine/clients/present-saml-application.ts'
import {
  addSamlApplication,
  findSamlApplication,
  removeSamlApplication,
  type SamlApplicationChange,
  updateSamlApplication,
} from '../../engine/clients/saml-applications.ts'
import type { Engine } from '../../engine/engine.ts'
import {
  type Command,
  type CommandInput,
  type CommandResult,
  confirm,
  confirmation,
  defined,
  jsonOption,
  oneOf,
  refusal,
  table,
  textOf,
  withInstallation,
} from '../command.ts'
import { organisationNamed } from '../find-organisation.ts'
import { metadataIn, metadataOptions } from '../saml-metadata.ts'

const listMax = 10_000
const actor = 'cli'

const changeOptions: NonNullable<Command['options']> = {
  ...metadataOptions,
  name: { type: 'string', value: 'TEXT', description: 'What its users read (default: its slug)' },
  'name-id': {
    type: 'string',
    value: 'FORMAT',
    description: `How users are named to it: ${nameIdFormats.join(' or ')} (default: persistent)`,
  },
  attributes: {
    type: 'string',
    value: 'JSON',
    description: 'What each attribute says, such as {"mail":"email","uid":"username"}',
  },
  acr: {
    type: 'string',
    value: 'LEVEL',
    description: `The least that its users must prove: ${assurances.join(', ')}, or none`,
  },
  unsolicited: {
    type: 'string',
    value: 'YES',
    description: 'Whether a sign-in may begin here: yes or no (default)',
  },
  encrypted: {
    type: 'string',
    value: 'YES',
    description: 'Whether assertions are encrypted for it: yes or no (default)',
  },
  org: {
    type: 'string',
    value: 'SLUG',
    description: 'The organization whose members may use it, or none; org_roles then says their roles',
  },
  'signed-requests': {
    type: 'string',
    value: 'YES',
    description: 'Whether its requests must be signed: yes or no (default)',
  },
}

export const samlAdd: Command = {
  name: 'saml add',
  summary: 'Register an application that signs its users in by SAML.',
  arguments: ['SLUG'],
  options: changeOptions,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const [slug = ''] = input.arguments
      const { metadata, ...change } = await changeOf(engine, input)
      if (!metadata) throw refusal('metadata', 'or --metadata-stdin is required')
      return show(engine, await addSamlApplication(engine, { ...change, metadata, slug, actor }))
    }),
}

export const samlList: Command = {
  name: 'saml list',
  summary: 'Applications that sign in by SAML.',
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const all = await engine.store.samlApplications.list({ after: null, limit: listMax })
      const applications = all.map((one) => presentSamlApplication(one, engine.settings.issuer))
      const rows = applications.map(({ slug, name, entity_id }) => [slug, name, entity_id])
      return { data: { applications }, text: table(['SLUG', 'NAME', 'ENTITY'], rows) }
    }),
}

export const samlShow: Command = {
  name: 'saml show',
  summary: 'Show one, and what to give to it.',
  arguments: ['SLUG'],
  run: (input) => withInstallation(input, async ({ engine }) => show(engine, await named(engine, input))),
}

export const samlUpdate: Command = {
  name: 'saml update',
  summary: 'Change the given settings of an application, or read its metadata anew.',
  arguments: ['SLUG'],
  options: changeOptions,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const [application, change] = [await named(engine, input), await changeOf(engine, input)]
      const given = { application, revision: null, change, actor }
      return show(engine, await updateSamlApplication(engine, given))
    }),
}

export const samlRemove: Command = {
  name: 'saml remove',
  summary: 'Remove an application.',
  arguments: ['SLUG'],
  options: confirmation,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const application = await named(engine, input)
      await confirm(input, `This removes ${application.slug}: its users can no longer sign in to it.`)
      await removeSamlApplication(engine, { application, actor })
      return { data: { removed: application.slug }, text: `removed ${application.slug}` }
    }),
}

const named = (engine: Engine, { arguments: [slug = ''] }: CommandInput): Promise<SamlApplication> =>
  findSamlApplication(engine, { slug })

function show(engine: Engine, application: SamlApplication): CommandResult {
  const data = presentSamlApplication(application, engine.settings.issuer)
  const lines = [
    `slug        ${data.slug}`,
    `entity      ${data.entity_id}`,
    `ACS         ${data.acs_urls.join(', ')}`,
    `NameID      ${data.name_id_format}`,
    ...Object.entries(data.attributes).map(([name, source]) => `attribute   ${name} = ${source}`),
    ...(data.acr === null ? [] : [`acr         ${data.acr}`]),
    ...(data.start_url === null ? [] : [`start       ${data.start_url}`]),
    `metadata    ${data.metadata_url}   ← give this to the application`,
  ]
  return { data, text: lines.join('\n') }
}

async function changeOf(engine: Engine, input: CommandInput): Promise<SamlApplicationChange> {
  const acr = oneOf(input, 'acr', [...assurances, 'none'] as const)
  const [metadata, attributes] = [
    await metadataIn(input),
    jsonOption(input, 'attributes') as SamlApplicationChange['attributes'],
  ]
  const change = {
    ...{ name: textOf(input, 'name'), metadata, attributes },
    nameIdFormat: oneOf(input, 'name-id', nameIdFormats),
    acr: acr === 'none' ? null : acr,
    unsolicited: yesOrNo(input, 'unsolicited'),
    signedRequests: yesOrNo(input, 'signed-requests'),
    encrypts: yesOrNo(input, 'encrypted'),
    organisationId: await organisationIn(engine, input),
  }
  return defined(change)
}

async function organisationIn(
  engine: Engine,
  input: CommandInput,
): Promise<SamlApplicationChange['organisationId'] | undefined> {
  const named = textOf(input, 'org')
  if (named === undefined || named === 'none') return named && null
  return (await organisationNamed(engine, named)).id
}

function yesOrNo(input: CommandInput, name: string): boolean | undefined {
  const given = oneOf(input, name, ['yes', 'no'] as const)
  return given === undefined ? undefined : given === 'yes'
}
