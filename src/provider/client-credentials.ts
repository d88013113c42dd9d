import { Buffer } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { parse } from 'node:querystring'
import { type Client, needsSecret, registeredResource } from '../domain/client.ts'
import type { Engine } from '../engine/engine.ts'
import { hasSecret, providerScopes, scopeOf, secretHashesOf } from './client-metadata.ts'
import { signAccessToken } from './sign-access-token.ts'

const ownScopes = new Set<string>(providerScopes)
const ordinaryParameters = new Set(['grant_type', 'client_id', 'client_secret', 'resource', 'scope'])
/** With one of these the library has more to check. */
const telling = ['dpop', 'origin', 'oauth-client-attestation', 'oauth-client-attestation-pop'] as const
/** Credentials that need no form-encoding, like all of ours (RFC 6749 §2.3.1). */
const plainCredentials = /^([\w.~-]+):([\w.~-]+)$/
const wellFormedBase64 = /^[A-Za-z0-9+/]+={0,2}$/

/** RFC 6749 §5.1. */
interface TokenReply {
  access_token: string
  /** Seconds. */
  expires_in: number
  scope?: string
  token_type: 'Bearer'
}

/**
 * The fast path of client credentials (RFC 6749 §4.4): a valid request with a secret, for at most one API.
 * Undefined for everything else, and for every refusal: the library answers. `body`: the form as it was sent.
 */
export async function grantClientCredentials(
  engine: Engine,
  { headers, body }: { headers: IncomingHttpHeaders; body: string },
): Promise<TokenReply | undefined> {
  const form = ordinaryForm(body)
  if (form?.grant_type !== 'client_credentials' || telling.some((name) => headers[name] !== undefined))
    return undefined
  const shown = shownCredentials(headers.authorization, form)
  const client = shown && (await engine.clientCache.find(shown.id))
  if (!client || !mayAsk(client) || !hasSecret(secretHashesOf(client, engine.clock.now()), shown.secret))
    return undefined
  const scope = scopeFor(client, form)
  if (scope === undefined) return undefined
  const seconds = client.settings.accessTokenSeconds ?? engine.settings.accessTokenSeconds
  const access_token = await signAccessToken(engine, {
    sub: client.id,
    client_id: client.id,
    audience: form.resource === undefined ? undefined : registeredResource(client.settings, form.resource),
    scope,
    seconds,
    authentication: {},
  })
  return { access_token, expires_in: seconds, ...(scope !== '' && { scope }), token_type: 'Bearer' }
}

/** Each parameter once, with a value, and none that is not known here. */
function ordinaryForm(body: string): Record<string, string> | undefined {
  const entries = Object.entries(parse(body))
  const isOrdinary = entries.every(
    ([name, value]) => ordinaryParameters.has(name) && typeof value === 'string' && value !== '',
  )
  return isOrdinary ? (Object.fromEntries(entries) as Record<string, string>) : undefined
}

function shownCredentials(
  authorization: string | undefined,
  form: Record<string, string>,
): { id: string; secret: string } | undefined {
  const { client_id, client_secret } = form
  if (authorization === undefined)
    return client_id !== undefined && client_secret !== undefined
      ? { id: client_id, secret: client_secret }
      : undefined
  const [scheme, encoded = '', ...more] = authorization.split(' ')
  if (scheme?.toLowerCase() !== 'basic' || more.length > 0 || !wellFormedBase64.test(encoded))
    return undefined
  const [, id, secret] = plainCredentials.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  if (id === undefined || secret === undefined || client_secret !== undefined || (client_id ?? id) !== id)
    return undefined
  return { id, secret }
}

const mayAsk = ({ metadata }: Client): boolean =>
  needsSecret(metadata) &&
  Array.isArray(metadata.grant_types) &&
  metadata.grant_types.includes('client_credentials') &&
  metadata.dpop_bound_access_tokens !== true

/** The granted scope; undefined if the library has to decide. */
function scopeFor(client: Client, { scope, resource }: Record<string, string>): string | undefined {
  const registered = resource === undefined ? undefined : registeredResource(client.settings, resource)
  const ofResource = registered === undefined ? undefined : client.settings.resources[registered]
  if (
    resource !== undefined &&
    (ofResource === undefined || !URL.canParse(resource) || resource.includes('#'))
  )
    return undefined
  if (scope === undefined) return ''
  const asked = new Set(scope.split(' '))
  const allowed = new Set((ofResource ?? scopeOf(client)).split(' '))
  const isClear = ofResource === undefined || asked.isDisjointFrom(ownScopes)
  return isClear && !asked.has('') && asked.isSubsetOf(allowed) ? [...asked].join(' ') : undefined
}
