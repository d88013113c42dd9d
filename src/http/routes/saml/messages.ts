import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Problem } from '../../../domain/problem.ts'
import type { SamlMessage } from '../../../domain/saml-application.ts'
import { schemaCheck } from '../../../domain/schema-check.ts'

const posted = Type.Object({
  SAMLRequest: Type.String({ minLength: 1 }),
  RelayState: Type.Optional(Type.String({ maxLength: 1024 })),
})
const isPosted = schemaCheck(posted)

/** As it was sent: its encoding is signed. */
export const queryOf = ({ url }: FastifyRequest): string => url.split('?', 2)[1] ?? ''

/** Undefined if the form has no request. */
export function formMessage(body: unknown): SamlMessage | undefined {
  if (!isPosted(body)) return undefined
  const { SAMLRequest: message, RelayState: relayState = null } = body as {
    SAMLRequest: string
    RelayState?: string
  }
  return { form: { message, relayState } }
}

/** Throws `malformed_request` if there is no request. */
export function messageOf(message: SamlMessage | undefined): SamlMessage {
  if (!message || ('query' in message && !/(^|&)SAMLRequest=/.test(message.query)))
    throw new Problem('malformed_request', { detail: 'SAMLRequest is missing' })
  return message
}
