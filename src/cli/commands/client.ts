import type { Client } from '../../domain/client.ts'
import { Problem } from '../../domain/problem.ts'
import {
  addClient,
  findClient,
  removeClient,
  rotateClientSecret,
  updateClient,
} from '../../engine/clients/clients.ts'
import { presentClient } from '../../engine/clients/present-client.ts'
import { clientChangeOf, clientOptions, newClientOf } from '../client-options.ts'
import {
  type Command,
  type CommandResult,
  confirm,
  confirmation,
  table,
  withInstallation,
} from '../command.ts'

const listMax = 1000
const keepHoursMax = 24 * 30
const actor = 'cli'

export const clientAdd: Command = {
  name: 'client add',
  summary: 'Register an application that signs users in through this server, or calls APIs with its tokens.',
  options: clientOptions,
  run: (input) =>
    withInstallation(input, async ({ engine, openid }) => {
      const { client, secret } = await addClient(engine, {
        change: newClientOf(input),
        check: openid.checkClient,
        actor,
      })
      return shown(client, secret?.reveal() ?? null, engine.settings.issuer)
    }),
}

export const clientList: Command = {
  name: 'client list',
  summary: 'The registered applications.',
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const clients = (await engine.store.clients.list({ after: null, limit: listMax })).map(presentClient)
      const rows = clients.map(({ id, metadata, settings }) => [
        id,
        String(metadata.client_name ?? ''),
        settings.first_party ? 'first-party' : '',
        ((metadata.redirect_uris as string[] | undefined) ?? []).join(' '),
      ])
      return { data: { clients }, text: table(['ID', 'NAME', '', 'REDIRECTS'], rows) }
    }),
}

export const clientShow: Command = {
  name: 'client show',
  summary: 'Show one application, without its secret, of which only a hash is stored.',
  arguments: ['CLIENT'],
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const client = presentClient(await findClient(engine, input.arguments[0] as string))
      return { data: client, text: JSON.stringify(client, null, 2) }
    }),
}

export const clientUpdate: Command = {
  name: 'client update',
  summary: 'Change the given settings only.',
  arguments: ['CLIENT'],
  options: clientOptions,
  run: (input) =>
    withInstallation(input, async ({ engine, openid }) => {
      const id = input.arguments[0] as string
      const client = await updateClient(engine, {
        id,
        revision: null,
        change: clientChangeOf(input),
        check: openid.checkClient,
        actor,
      })
      const presented = presentClient(client)
      return { data: presented, text: JSON.stringify(presented, null, 2) }
    }),
}

export const clientRotateSecret: Command = {
  name: 'client rotate-secret',
  summary: 'Give an application a new secret, shown once.',
  arguments: ['CLIENT'],
  options: {
    'keep-hours': {
      type: 'string',
      value: 'N',
      description: `How long the former one stays valid (default 0, at most ${keepHoursMax})`,
    },
  },
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const keepHours = Number(input.options['keep-hours'] ?? 0)
      if (!Number.isInteger(keepHours) || keepHours < 0 || keepHours > keepHoursMax)
        throw new Problem('invalid_fields', {
          detail: `--keep-hours takes a number from 0 to ${keepHoursMax}`,
        })
      const { client, secret } = await rotateClientSecret(engine, {
        id: input.arguments[0] as string,
        keepHours,
        actor,
      })
      return shown(client, secret.reveal(), engine.settings.issuer)
    }),
}

export const clientRemove: Command = {
  name: 'client remove',
  summary: 'Remove an application; its tokens are revoked.',
  arguments: ['CLIENT'],
  options: confirmation,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const id = input.arguments[0] as string
      await confirm(input, `This removes ${id}: users can no longer sign in to it.`)
      await removeClient(engine, { id, actor })
      return { data: { removed: id }, text: `removed ${id}` }
    }),
}

export const clientInvite: Command = {
  name: 'client invite',
  summary: 'Print a token with which one application can register itself within a day (RFC 7591).',
  run: (input) =>
    withInstallation(input, async ({ engine, openid }) => {
      const token = await openid.offerRegistration(actor)
      const endpoint = `${engine.settings.issuer}/oauth/register`
      return {
        data: { initial_access_token: token, registration_endpoint: endpoint },
        text: `${token}\nPOST it as a bearer token to ${endpoint}`,
      }
    }),
}

function shown(client: Client, secret: string | null, issuer: string): CommandResult {
  const data = { ...presentClient(client), client_secret: secret }
  const lines = [
    `issuer         ${issuer}`,
    `client_id      ${client.id}`,
    ...(secret === null ? [] : [`client_secret  ${secret}`]),
  ]
  return { data, text: lines.join('\n') }
}
