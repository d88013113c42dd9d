import { type Static, type TObject, type TSchema, Type } from 'typebox'
import type { MethodDefinition } from '../domain/method.ts'

/** `aliases`: words that stand for a number. */
const number = (options: {
  default: number
  minimum: number
  maximum: number
  description: string
  aliases?: Record<string, number>
}) => Type.Integer(options)
const text = (description: string, options: Record<string, unknown> = {}) =>
  Type.String({ description, minLength: 1, ...options })
const choice = <Value extends string>(
  values: readonly Value[],
  options: { default: Value; description: string },
) => Type.Enum([...values], options)

/**
 * Every setting of the server itself: its unit, default and bounds. `--help-all`, the README's table and the
 * checks are made from it.
 */
const serverSettings = {
  port: number({ default: 8000, minimum: 0, maximum: 65535, description: 'TCP port; 0 chooses a free one' }),
  host: text('Address to listen on', { default: '127.0.0.1' }),
  data: text('Folder of the SQLite file, the master key and the outbox', { default: './sumun-data' }),
  databaseUrl: Type.Optional(
    text('postgres://… for one or many nodes; unset: SQLite in the data folder', {
      pattern: '^postgres(ql)?://',
    }),
  ),
  issuer: Type.Optional(
    text('Public base URL, such as https://id.example.com; unset: the listen address', {
      pattern: '^https?://[^/?#]+(/[^?#]*[^/?#])?$',
    }),
  ),
  audience: Type.Optional(text('`aud` of access tokens; unset: the issuer')),
  siteName: text('Display name of this server: in mails, authenticator apps and passkey prompts', {
    default: 'Sumun',
    maxLength: 64,
  }),
  brand: Type.Optional(
    text('Path of a file with logo, colours, links and a welcome for the pages (docs/pages.md)'),
  ),
  smtpUrl: Type.Optional(
    text('smtp://… or smtps://…; unset: mails are written to the outbox folder', { pattern: '^smtps?://' }),
  ),
  mailFrom: Type.Optional(
    text('Sender of mails, such as `Sumun <no-reply@example.com>`; unset: no-reply at the issuer', {
      pattern: '@',
    }),
  ),
  smsWebhookUrl: Type.Optional(
    text('https://… of a text message gateway; unset: text messages are written to the outbox folder', {
      pattern: '^https?://',
    }),
  ),
  smsWebhookAuthorization: Type.Optional(text('Value of the Authorization header for the gateway')),
  smsWebhookBody: text('Request body for the gateway, JSON or a form, with {to} and {text}', {
    default: '{"to":"{to}","text":"{text}"}',
  }),
  smsPerDay: number({
    default: 1000,
    minimum: 1,
    maximum: 10_000_000,
    description: 'Text messages a day in total; after that none is sent',
  }),
  policy: text('`default`, `nist-aal2`, `asvs-l3`, or the path of a policy document (docs/policy.md)', {
    default: 'default',
  }),
  masterKey: Type.Optional(
    text('32 bytes in base64url that seal secrets at rest; unset: generated into the data folder'),
  ),
  signup: choice(['open', 'invite', 'closed'], { default: 'open', description: 'Who may create an account' }),
  takenAddress: choice(['quiet', 'say'], {
    default: 'quiet',
    description:
      'Reply to a sign-up with the verified address of another account: `quiet` reveals nothing and notifies the owner by mail; `say` tells that it is taken',
  }),
  workers: number({ default: 1, minimum: 1, maximum: 64, description: 'Processes on this machine' }),
  trustProxy: number({
    default: 0,
    minimum: 0,
    maximum: 8,
    description: 'Number of reverse proxies whose X-Forwarded-For is trusted; `true` is one',
    aliases: { true: 1, false: 0 },
  }),
  clientNetwork: choice(['public', 'any'], {
    default: 'public',
    description:
      'Which hosts URLs of clients (keys, sector, logout) may reach: `public`, or `any`, including the internal network',
  }),
  oldSystemUrl: Type.Optional(
    text(
      'Where the system from which users came is asked for a password, once for each, as `sumun import --ask-old-system` says (docs/moving); unset: nowhere',
      { pattern: '^https?://[^#\\s]+$' },
    ),
  ),
  oldSystemSecret: Type.Optional(
    text('By which these requests are signed (Standard Webhooks): `whsec_` and base64', {
      pattern: '^(whsec_)?[A-Za-z0-9+/]{32,}={0,2}$',
    }),
  ),
  dnsServers: text(
    'Name servers that are asked for the TXT records of organisations’ domains, such as 192.0.2.53, separated by commas; those of the machine by default',
    {
      default: '',
      minLength: 0,
      pattern: '^$|^\\s*[0-9a-fA-F.:\\[\\]]+\\s*(,\\s*[0-9a-fA-F.:\\[\\]]+\\s*)*$',
    },
  ),
  corsOrigins: text(
    'Origins allowed to call from a browser (CORS), such as https://app.example.com, separated by commas',
    {
      default: '',
      minLength: 0,
      pattern: '^$|^\\s*https?://[^/?#,\\s]+/?\\s*(,\\s*https?://[^/?#,\\s]+/?\\s*)*$',
    },
  ),
  tokenAlgorithm: choice(['ES256', 'EdDSA', 'RS256'], {
    default: 'ES256',
    description: 'Signing algorithm of access tokens',
  }),
  accessTokenMinutes: number({
    default: 30,
    minimum: 1,
    maximum: 1440,
    description: 'Lifetime of an access token',
  }),
  sessionDays: number({
    default: 90,
    minimum: 1,
    maximum: 730,
    description: 'Maximum lifetime of a session',
  }),
  sessionIdleDays: number({
    default: 30,
    minimum: 1,
    maximum: 730,
    description: 'Lifetime of a session that is not used',
  }),
  refreshGraceSeconds: number({
    default: 10,
    minimum: 0,
    maximum: 60,
    description: 'How long the former refresh token gets the same answer again',
  }),
  signingKeyDays: number({
    default: 90,
    minimum: 1,
    maximum: 730,
    description: 'Age at which a signing key is replaced',
  }),
  emailHosts: choice(['public', 'any'], {
    default: 'public',
    description:
      'Allowed hosts of e-mail addresses: `public` (with a dot), or `any`, such as admin@localhost',
  }),
  phoneCountry: Type.Optional(
    text('Country of phone numbers written without +, such as KR; unset: by the reader’s language', {
      pattern: '^[A-Z]{2}$',
    }),
  ),
  metricsToken: Type.Optional(
    text('Bearer token for /metrics; unset: only this machine may read it', { minLength: 16 }),
  ),
  auditAnchorUrl: Type.Optional(
    text(
      'https://… webhook that receives the head of the audit log once a minute, so that a cut-off end is detected',
      { pattern: '^https?://' },
    ),
  ),
  auditDays: number({
    default: 0,
    minimum: 0,
    maximum: 3650,
    description: 'How many days the audit log is kept; 0: forever',
  }),
  logLevel: choice(['debug', 'info', 'warn', 'error', 'silent'], {
    default: 'info',
    description: 'What is logged',
  }),
}

const serverObject = Type.Object(serverSettings)
export type ServerSettings = Static<typeof serverObject>

export interface SettingDefinition {
  /** As in the configuration file; `SUMUN_PASSWORD_LENGTH_MIN` and `--password-length-min` follow from it. */
  key: string
  environment: string
  flag: string
  schema: TSchema & { default?: unknown; description?: string }
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
const camel = (id: string): string =>
  id
    .split('-')
    .map((part, index) => (index === 0 ? part : capital(part)))
    .join('')
const snake = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`)
export const methodSettingKey = (method: string, name: string): string => camel(method) + capital(name)

const define = (key: string, schema: TSchema): SettingDefinition => ({
  key,
  environment: `SUMUN_${snake(key).toUpperCase()}`,
  flag: `--${snake(key).toLowerCase().replaceAll('_', '-')}`,
  schema,
})

/** All settings: the server's and, under its own name, each method's. */
export function settingDefinitions(methods: readonly MethodDefinition[]): SettingDefinition[] {
  const ofMethods = methods.flatMap((method) =>
    Object.entries((method.settings as TObject).properties ?? {}).map(([name, schema]) =>
      define(methodSettingKey(method.id, name), schema),
    ),
  )
  return [...Object.entries(serverSettings).map(([key, schema]) => define(key, schema)), ...ofMethods]
}
