import { readFileSync } from 'node:fs'
import { type Assurance, assurances } from '../domain/assurance.ts'
import type { ClientSettings } from '../domain/client.ts'
import type { ClientChange } from '../engine/clients/clients.ts'
import { type CommandInput, type CommandOption, defined, refusal } from './command.ts'

const grantNames: Readonly<Record<string, string>> = {
  code: 'authorization_code',
  refresh: 'refresh_token',
  'client-credentials': 'client_credentials',
  device: 'urn:ietf:params:oauth:grant-type:device_code',
  'token-exchange': 'urn:ietf:params:oauth:grant-type:token-exchange',
}
const authenticationNames: Readonly<Record<string, string>> = {
  basic: 'client_secret_basic',
  post: 'client_secret_post',
  'private-key': 'private_key_jwt',
  none: 'none',
}

/** Several values stand in one option, separated by spaces. */
export const clientOptions: Readonly<Record<string, CommandOption>> = {
  name: { type: 'string', value: 'TEXT', description: 'The name shown to users' },
  'redirect-uri': { type: 'string', value: 'URIS', description: 'Redirect URIs, compared exactly' },
  'post-logout-uri': {
    type: 'string',
    value: 'URIS',
    description: 'Redirect URIs after signing out',
  },
  'logout-uri': {
    type: 'string',
    value: 'URI',
    description: 'The back-channel logout URI',
  },
  grants: {
    type: 'string',
    value: 'NAMES',
    description: `Of ${Object.keys(grantNames).join(', ')} (default: code refresh)`,
  },
  auth: {
    type: 'string',
    value: 'NAME',
    description: `Client authentication: ${Object.keys(authenticationNames).join(', ')} (default: basic)`,
  },
  jwks: {
    type: 'string',
    value: 'FILE',
    description: 'Its public keys, for `private-key` and signed requests',
  },
  scope: {
    type: 'string',
    value: 'SCOPES',
    description: 'The scopes it may request, such as `openid email admin`',
  },
  resources: {
    type: 'string',
    value: 'APIS',
    description: 'APIs that it may get tokens for: https://api.example=read,write',
  },
  native: { type: 'boolean', description: 'A native application: loopback redirects may use any port' },
  pairwise: { type: 'boolean', description: 'Users have a different subject for each sector' },
  'first-party': { type: 'boolean', description: 'First-party: no consent is asked' },
  'no-first-party': { type: 'boolean', description: 'No longer first-party' },
  acr: {
    type: 'string',
    value: 'LEVEL',
    description: `The minimum assurance of its users: ${assurances.join(', ')}, or none`,
  },
  'no-pkce': {
    type: 'boolean',
    description: 'Waive PKCE for this confidential client, which cannot send it',
  },
  pkce: { type: 'boolean', description: 'Require PKCE again' },
  'verified-only': {
    type: 'boolean',
    description: 'Send it verified e-mail addresses only',
  },
  'no-verified-only': {
    type: 'boolean',
    description: 'Send it unverified addresses as well, with `email_verified: false`',
  },
  'access-token-minutes': { type: 'string', value: 'N', description: 'Lifetime of its access tokens' },
  'refresh-token-days': { type: 'string', value: 'N', description: 'Lifetime of its refresh tokens' },
  brand: {
    type: 'string',
    value: 'FILE',
    description: 'The brand of pages for its users, as JSON (docs/pages.md)',
  },
  metadata: { type: 'string', value: 'FILE', description: 'Other metadata of OIDC Registration §2, as JSON' },
}

/** The same for a new one, with what is used where nothing is said. Throws `invalid_fields`. */
export function newClientOf(input: CommandInput): ClientChange {
  const { metadata, settings } = clientChangeOf(input)
  return { metadata: { grant_types: ['authorization_code', 'refresh_token'], ...metadata }, settings }
}

/** What the options say of a client. Throws `invalid_fields`. */
export function clientChangeOf({ options }: CommandInput): ClientChange {
  const text = (name: string): string | undefined =>
    typeof options[name] === 'string' ? (options[name] as string) : undefined
  const words = (name: string): string[] | undefined => text(name)?.split(/\s+/).filter(Boolean)
  const grants = words('grants')?.map((name) => known('grants', grantNames, name))
  const auth = text('auth')
  const metadata = {
    client_name: text('name'),
    redirect_uris: words('redirect-uri'),
    post_logout_redirect_uris: words('post-logout-uri'),
    backchannel_logout_uri: text('logout-uri'),
    grant_types: grants,
    ...(grants &&
      !grants.includes('authorization_code') && {
        response_types: [],
        redirect_uris: words('redirect-uri') ?? [],
      }),
    token_endpoint_auth_method: auth === undefined ? undefined : known('auth', authenticationNames, auth),
    jwks: text('jwks') === undefined ? undefined : jsonOf('jwks', text('jwks') as string),
    scope: text('scope'),
    application_type: options.native ? 'native' : undefined,
    subject_type: options.pairwise ? 'pairwise' : undefined,
    ...(text('metadata') === undefined ? {} : jsonOf('metadata', text('metadata') as string)),
  }
  return {
    metadata: defined(metadata),
    settings: defined(settingsFromOptions(text, options)) as Partial<ClientSettings>,
  }
}

function settingsFromOptions(
  text: (name: string) => string | undefined,
  options: CommandInput['options'],
): Partial<Record<keyof ClientSettings, unknown>> {
  const [acr, minutes, days, resources] = [
    text('acr'),
    text('access-token-minutes'),
    text('refresh-token-days'),
    text('resources'),
  ]
  if (acr !== undefined && acr !== 'none' && !assurances.includes(acr as Assurance))
    throw refusal('acr', `takes one of ${assurances.join(', ')}, or none`)
  return {
    firstParty: either(options, 'first-party', 'no-first-party'),
    acr: acr === 'none' ? null : acr,
    pkceRequired: either(options, 'pkce', 'no-pkce'),
    verifiedAddressesOnly: either(options, 'verified-only', 'no-verified-only'),
    accessTokenSeconds: minutes === undefined ? undefined : whole('access-token-minutes', minutes, 1440) * 60,
    refreshTokenDays: days === undefined ? undefined : whole('refresh-token-days', days, 730),
    resources: resources === undefined ? undefined : resourcesOf(resources),
    brand: text('brand') === undefined ? undefined : jsonOf('brand', text('brand') as string),
  }
}

/** Undefined if neither is given. */
function either(options: CommandInput['options'], yes: string, no: string): boolean | undefined {
  if (options[yes] && options[no]) throw refusal(yes, `and --${no} exclude each other`)
  return options[yes] ? true : options[no] ? false : undefined
}

function resourcesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(/\s+/).map((word) => {
      const [resource = '', scopes = ''] = [
        word.slice(0, word.lastIndexOf('=')),
        word.slice(word.lastIndexOf('=') + 1),
      ]
      if (!URL.canParse(resource) || scopes === '') throw refusal('resources', 'takes URI=scope,scope')
      return [resource, scopes.replaceAll(',', ' ')]
    }),
  )
}

function whole(name: string, text: string, maximum: number): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > maximum)
    throw refusal(name, `takes a number from 1 to ${maximum}`)
  return number
}

function known(option: string, names: Readonly<Record<string, string>>, given: string): string {
  const name = names[given]
  if (name === undefined) throw refusal(option, `knows ${Object.keys(names).join(', ')}, not ${given}`)
  return name
}

function jsonOf(option: string, path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw refusal(option, `${path}: ${(error as Error).message}`)
  }
}
