import { dayToMilliseconds } from '../../domain/clock.ts'
import { assuranceTrusts, connectionStates, emailTrusts, newAccountRules } from '../../domain/connection.ts'
import { locales } from '../../domain/locale.ts'
import {
  addConnection,
  type ConnectionChange,
  removeConnection,
  testConnection,
  updateConnection,
} from '../../engine/connections/connections.ts'
import { presentConnection } from '../../engine/connections/present-connection.ts'
import {
  type Command,
  type CommandInput,
  confirm,
  confirmation,
  defined,
  exitCodes,
  jsonOption,
  numberOption,
  oneOf,
  refusal,
  table,
  textOf,
  withInstallation,
} from '../command.ts'
import { connectionNamed } from '../find-connection.ts'
import { organisationNamed } from '../find-organisation.ts'
import { metadataIn, metadataOptions } from '../saml-metadata.ts'
import { showConnection } from '../show-connection.ts'

const listMax = 10_000
const actor = 'cli'

const changeOptions: Command['options'] = {
  name: { type: 'string', value: 'TEXT', description: 'Its name on buttons, in every language' },
  'client-id': { type: 'string', value: 'ID', description: 'As the provider issued it' },
  'secret-stdin': {
    type: 'boolean',
    description: 'Read the client secret, or private key, from standard input',
  },
  'secret-expires': {
    type: 'string',
    value: 'DAY',
    description: 'When the secret or key expires, such as 2027-03-31; `doctor` warns a month before',
  },
  ...metadataOptions,
  issuer: { type: 'string', value: 'URL', description: 'As in the provider’s discovery document' },
  scope: { type: 'string', value: 'SCOPES', description: 'What is requested, separated by spaces' },
  auth: {
    type: 'string',
    value: 'METHOD',
    description: 'Of client_secret_post, client_secret_basic, private_key_jwt, signed_secret, none',
  },
  settings: {
    type: 'string',
    value: 'JSON',
    description: 'Further settings of its kind, such as {"team":"…","key_id":"…"} for Apple',
  },
  state: {
    type: 'string',
    value: 'STATE',
    description: `Of ${connectionStates.join(', ')} (default: enabled)`,
  },
  position: { type: 'string', value: 'N', description: 'Lower ones are offered first (default: 100)' },
  'email-trust': {
    type: 'string',
    value: 'RULE',
    description: `When its e-mail address counts as verified: ${emailTrusts.join(', ')} (default: the preset’s)`,
  },
  assurance: {
    type: 'string',
    value: 'RULE',
    description: `Whether its acr and amr count: ${assuranceTrusts.join(', ')} (default: ignore)`,
  },
  'new-accounts': {
    type: 'string',
    value: 'RULE',
    description: `Whether an unknown identity gets an account: ${newAccountRules.join(', ')} (default: create)`,
  },
  domains: {
    type: 'string',
    value: 'LIST',
    description:
      'Mail domains that the provider owns, such as example.com,example.org: its identities join the accounts that have such an address',
  },
}

export const connectionAdd: Command = {
  name: 'connection add',
  summary: 'Connect an upstream identity provider.',
  options: {
    preset: {
      type: 'string',
      value: 'NAME',
      description: 'Such as google or kakao; oidc for any other provider',
    },
    slug: { type: 'string', value: 'SLUG', description: 'Its name in paths (default: the preset’s)' },
    org: {
      type: 'string',
      value: 'ORGANISATION',
      description: 'Whose members sign in by it, with addresses of its verified domains (default: anyone)',
    },
    ...changeOptions,
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const preset = textOf(input, 'preset')
      if (preset === undefined) {
        const known = engine.federation.presets.map(({ id }) => id).join(', ')
        throw refusal('preset', `is required: one of ${known}`)
      }
      const slug = textOf(input, 'slug') ?? preset
      const org = textOf(input, 'org')
      const organisationId = org === undefined ? null : (await organisationNamed(engine, org)).id
      const given = { ...(await changeOf(input)), preset, slug, organisationId, actor }
      const connection = await addConnection(engine, given)
      return showConnection(engine, connection)
    }),
}

export const connectionList: Command = {
  name: 'connection list',
  summary: 'Upstream identity providers.',
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const all = await engine.store.connections.list({ after: null, limit: listMax })
      const connections = all.map((one) => presentConnection(one, engine.settings.issuer))
      const rows = connections.map(({ slug, preset, state, client_id, settings }) => [
        ...[slug, preset, state, client_id],
        String(settings.issuer ?? ''),
      ])
      return { data: { connections }, text: table(['SLUG', 'PRESET', 'STATE', 'CLIENT', 'ISSUER'], rows) }
    }),
}

export const connectionShow: Command = {
  name: 'connection show',
  summary: 'Show one connection, without its secret.',
  arguments: ['SLUG'],
  run: (input) =>
    withInstallation(input, async ({ engine }) =>
      showConnection(engine, await connectionNamed(engine, input)),
    ),
}

export const connectionUpdate: Command = {
  name: 'connection update',
  summary: 'Change the given settings of a connection, on all nodes at once.',
  arguments: ['SLUG'],
  options: changeOptions,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const connection = await connectionNamed(engine, input)
      const change = await changeOf(input)
      return showConnection(
        engine,
        await updateConnection(engine, { connection, revision: null, change, actor }),
      )
    }),
}

export const connectionTest: Command = {
  name: 'connection test',
  summary: 'Call the provider without a user, and say what is wrong. Exit code 4 if something is.',
  arguments: ['SLUG'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const findings = await testConnection(engine, await connectionNamed(engine, input))
      const text = findings
        .map(
          ({ check, verdict, detail, fix }) =>
            `${verdict.padEnd(8)} ${check}: ${detail}${fix ? `\n         → ${fix}` : ''}`,
        )
        .join('\n')
      const isWrong = findings.some(({ verdict }) => verdict === 'fault')
      return { data: { findings }, text, exitCode: isWrong ? exitCodes.found : exitCodes.ok }
    }),
}

export const connectionRemove: Command = {
  name: 'connection remove',
  summary: 'Remove a connection.',
  arguments: ['SLUG'],
  options: confirmation,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const connection = await connectionNamed(engine, input)
      await confirm(input, `This removes ${connection.slug}: users can no longer sign in through it.`)
      await removeConnection(engine, { connection, actor })
      return { data: { removed: connection.slug }, text: `removed ${connection.slug}` }
    }),
}

async function changeOf(input: CommandInput): Promise<ConnectionChange> {
  const text = (name: string) => textOf(input, name)
  const name = text('name')
  const settings = {
    ...jsonOption(input, 'settings'),
    ...defined({ issuer: text('issuer'), scope: text('scope'), authentication: text('auth') }),
  }
  const metadata = await metadataIn(input)
  const secret = input.options['secret-stdin'] ? (await input.readInput()).trim() : undefined
  if (secret === '') throw refusal('secret-stdin', 'found nothing on standard input')
  const position = text('position')
  const expires = text('secret-expires')
  const secretExpiresAt = expires === undefined ? undefined : dayToMilliseconds(expires)
  if (expires !== undefined && secretExpiresAt === undefined)
    throw refusal('secret-expires', 'takes a day such as 2027-03-31')
  return defined({
    names: name === undefined ? undefined : Object.fromEntries(locales.map((locale) => [locale, name])),
    clientId: text('client-id'),
    secret,
    metadata,
    secretExpiresAt,
    settings: Object.keys(settings).length > 0 ? settings : undefined,
    state: oneOf(input, 'state', connectionStates),
    position:
      position === undefined
        ? undefined
        : numberOption(input.options, 'position', { default: 100, max: 10_000 }),
    emailTrust: oneOf(input, 'email-trust', emailTrusts),
    assurance: oneOf(input, 'assurance', assuranceTrusts),
    newAccounts: oneOf(input, 'new-accounts', newAccountRules),
    domains: text('domains')
      ?.split(',')
      .map((domain) => domain.trim())
      .filter((domain) => domain !== ''),
  })
}
