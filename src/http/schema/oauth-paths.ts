import { locales } from '../../domain/locale.ts'

/**
 * The endpoints of the provider library, for the OpenAPI document; their parameters are those of the RFCs.
 */

interface Field {
  description: string
  required?: true
}
type Fields = Record<string, Field>

const text = (description: string): Field => ({ description })
const must = (description: string): Field => ({ description, required: true })

const clientCredentials: Fields = {
  client_id: text('If the client authenticates by `client_secret_post`, or is public'),
  client_secret: text('With `client_secret_post` (RFC 6749 §2.3.1)'),
  client_assertion_type: text('With `private_key_jwt` (RFC 7523 §2.2)'),
  client_assertion: text('With `private_key_jwt` (RFC 7523 §2.2)'),
}
const authorization: Fields = {
  client_id: must('The application'),
  response_type: text('`code`'),
  redirect_uri: text('One of those that are registered'),
  scope: text('With `openid` for an ID token'),
  state: text('Comes back as it is'),
  nonce: text('Returned in the ID token'),
  code_challenge: text('RFC 7636 §4.2'),
  code_challenge_method: text('`S256`'),
  prompt: text('`none`, `login`, `consent`, `select_account`, `create`'),
  max_age: text('Seconds since the user authenticated, at most'),
  acr_values: text('`aal1`, `aal2` or `aal3`'),
  login_hint: text('Any identifier'),
  ui_locales: text(locales.map((locale) => `\`${locale}\``).join(', ')),
  resource: text('The API that the token is for (RFC 8707)'),
  request_uri: text('From a pushed authorization request (RFC 9126)'),
  request: text('A signed request object (RFC 9101)'),
}

const parameters = (fields: Fields) =>
  Object.entries(fields).map(([name, { description, required = false }]) => ({
    ...{ name, in: 'query', description, required, schema: { type: 'string' } },
  }))

const form = (name: string, fields: Fields) => ({
  required: true,
  content: {
    'application/x-www-form-urlencoded': {
      schema: {
        title: name,
        type: 'object',
        required: Object.keys(fields).filter((field) => fields[field]?.required),
        properties: Object.fromEntries(
          Object.entries(fields).map(([field, { description }]) => [field, { type: 'string', description }]),
        ),
      },
    },
  },
})

const object = { type: 'object', additionalProperties: true }
const sent = (description: string, schema: object = object, type = 'application/json') => ({
  description,
  content: { [type]: { schema } },
})
const refused = {
  type: 'object',
  required: ['error'],
  properties: { error: { type: 'string' }, error_description: { type: 'string' } },
}
const oauthError = sent('RFC 6749 §5.2', refused)
const errorPage = sent('A page that says what is wrong', { type: 'string' }, 'text/html')
const redirect = { description: 'To a page of this server, or back to the application' }
const tags = ['oauth']
const anyone: object[] = []

const call = (operationId: string, summary: string, fields: Fields, replies: Record<number, object>) => ({
  post: {
    ...{ operationId, summary, tags, security: anyone },
    requestBody: form(operationId, fields),
    responses: { ...replies, 400: oauthError, 401: oauthError },
  },
})

const token = {
  type: 'object',
  required: ['access_token', 'token_type', 'expires_in'],
  properties: {
    access_token: { type: 'string' },
    token_type: { type: 'string', description: '`Bearer`, or `DPoP` (RFC 9449)' },
    expires_in: { type: 'integer', description: 'Seconds' },
    refresh_token: { type: 'string' },
    id_token: { type: 'string' },
    scope: { type: 'string' },
  },
}

export const oauthPaths = {
  '/.well-known/openid-configuration': {
    get: {
      ...{
        operationId: 'getProviderMetadata',
        summary: 'What the provider can do (OIDC Discovery §4)',
        tags,
        security: anyone,
      },
      responses: { 200: sent('Provider metadata'), 503: oauthError },
    },
  },
  '/oauth/authorize': {
    get: {
      ...{
        operationId: 'authorize',
        summary: 'Sign a user in to an application (OIDC Core §3.1.2)',
        tags,
        security: anyone,
      },
      parameters: parameters(authorization),
      responses: { 303: redirect, 400: errorPage },
    },
  },
  '/oauth/par': call(
    'pushAuthorizationRequest',
    'Push an authorization request (RFC 9126)',
    { ...authorization, ...clientCredentials },
    {
      201: sent('The value for `request_uri`', {
        type: 'object',
        required: ['request_uri', 'expires_in'],
        properties: { request_uri: { type: 'string' }, expires_in: { type: 'integer' } },
      }),
    },
  ),
  '/oauth/token': call(
    'issueToken',
    'Exchange a grant for tokens (RFC 6749 §3.2)',
    {
      grant_type: must(
        '`authorization_code`, `refresh_token`, `client_credentials`, `urn:ietf:params:oauth:grant-type:device_code` or `urn:ietf:params:oauth:grant-type:token-exchange`',
      ),
      ...clientCredentials,
      code: text('With `authorization_code`'),
      redirect_uri: text('With `authorization_code`, as it was asked'),
      code_verifier: text('RFC 7636 §4.5'),
      refresh_token: text('With `refresh_token`'),
      device_code: text('RFC 8628 §3.4'),
      subject_token: text('RFC 8693 §2.1'),
      subject_token_type: text('RFC 8693 §2.1'),
      scope: text('At most the granted scopes'),
      resource: text('RFC 8707'),
    },
    { 200: sent('RFC 6749 §5.1', token) },
  ),
  '/oauth/userinfo': {
    get: {
      ...{
        operationId: 'getUserinfo',
        summary: 'Claims of the user (OIDC Core §5.3)',
        tags,
        security: [{ bearer: [] }],
      },
      responses: { 200: sent('Claims'), 401: oauthError },
    },
  },
  '/oauth/introspect': call(
    'introspectToken',
    'Whether a token is active (RFC 7662)',
    {
      token: must('A token of this client, or for its API'),
      token_type_hint: text('RFC 7662 §2.1'),
      ...clientCredentials,
    },
    { 200: sent('RFC 7662 §2.2') },
  ),
  '/oauth/revoke': call(
    'revokeToken',
    'Revoke a token (RFC 7009)',
    { token: must('A token of this client'), token_type_hint: text('RFC 7009 §2.1'), ...clientCredentials },
    { 200: { description: 'Also if the token was invalid' } },
  ),
  '/oauth/device_authorization': call(
    'authorizeDevice',
    'Begin to sign a device in (RFC 8628 §3.1)',
    { scope: text('Separated by spaces'), ...clientCredentials },
    { 200: sent('RFC 8628 §3.2') },
  ),
  '/oauth/register': {
    post: {
      ...{
        operationId: 'registerClient',
        summary: 'An application registers itself, by invitation (RFC 7591 §3)',
        tags,
        security: [{ bearer: [] }],
      },
      requestBody: { required: true, content: { 'application/json': { schema: object } } },
      responses: { 201: sent('RFC 7591 §3.2.1'), 400: oauthError, 401: oauthError },
    },
  },
  '/oauth/logout': {
    get: {
      ...{
        operationId: 'endSession',
        summary: 'Sign out, requested by an application (RP-Initiated Logout §2)',
        tags,
        security: anyone,
      },
      parameters: parameters({
        id_token_hint: text('Of the user who signs out'),
        client_id: text('The application'),
        post_logout_redirect_uri: text('One of those that are registered'),
        state: text('Comes back as it is'),
        ui_locales: text(locales.map((locale) => `\`${locale}\``).join(', ')),
      }),
      responses: {
        200: sent('Asks the user', { type: 'string' }, 'text/html'),
        303: redirect,
        400: errorPage,
      },
    },
  },
}
