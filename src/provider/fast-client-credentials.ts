import type { IncomingMessage } from 'node:http'
import type { Exchange } from '../engine/clients/openid-provider.ts'
import type { Engine } from '../engine/engine.ts'
import { grantClientCredentials } from './client-credentials.ts'
import { providerRoutes } from './routes.ts'

/**
 * Answers an ordinary client-credentials request without the library, which takes several times as long (ADR
 * 13). False if the library has to answer.
 */
export async function answerProgram(
  engine: Engine,
  {
    request,
    response,
    headers,
    body,
  }: Exchange & { headers: Record<string, string>; body: string | undefined },
): Promise<boolean> {
  if (body === undefined || !isTokenRequest(request)) return false
  // The library meets the same failure, and reports it.
  const reply = await grantClientCredentials(engine, { headers: request.headers, body }).catch(
    () => undefined,
  )
  if (!reply) return false
  const text = JSON.stringify(reply)
  response.writeHead(200, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
  return true
}

const isTokenRequest = ({ method, url, headers }: IncomingMessage): boolean =>
  method === 'POST' &&
  url === providerRoutes.token &&
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
