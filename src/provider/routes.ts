/** Where the library answers; `/.well-known/jwks.json` is answered by the key ring. */
export const providerRoutes = {
  authorization: '/oauth/authorize',
  code_verification: '/oauth/device',
  device_authorization: '/oauth/device_authorization',
  end_session: '/oauth/logout',
  introspection: '/oauth/introspect',
  jwks: '/.well-known/jwks.json',
  pushed_authorization_request: '/oauth/par',
  registration: '/oauth/register',
  revocation: '/oauth/revoke',
  token: '/oauth/token',
  userinfo: '/oauth/userinfo',
} as const

const page = ['GET']
const form = ['GET', 'POST']
const call = ['POST', 'OPTIONS']

const methods: ReadonlyMap<string, readonly string[]> = new Map([
  ['/.well-known/openid-configuration', ['GET', 'OPTIONS']],
  ['/.well-known/oauth-authorization-server', ['GET', 'OPTIONS']],
  [providerRoutes.authorization, form],
  [providerRoutes.code_verification, form],
  [providerRoutes.device_authorization, call],
  [providerRoutes.end_session, form],
  [`${providerRoutes.end_session}/confirm`, ['POST']],
  [`${providerRoutes.end_session}/success`, page],
  [providerRoutes.introspection, call],
  [providerRoutes.pushed_authorization_request, call],
  [providerRoutes.registration, ['POST']],
  [providerRoutes.revocation, call],
  [providerRoutes.token, call],
  [providerRoutes.userinfo, ['GET', 'POST', 'OPTIONS']],
])
const ofOne = /^(\/oauth\/(?:authorize|device|register))\/[A-Za-z0-9_-]{1,64}$/

/**
 * The methods of an exact path; null for an unknown one. The library's router also accepts other spellings
 * (capitals, a trailing slash), which would bypass the rate limits by path.
 */
export const methodsAt = (path: string): readonly string[] | null =>
  methods.get(path) ?? (ofOne.test(path) ? page : null)

/** OIDC Core §3.1.2.1, RP-Initiated Logout §2: both methods, with the same parameters. */
export const isAskedByBrowser = (path: string): boolean =>
  path === providerRoutes.authorization || path === providerRoutes.end_session
