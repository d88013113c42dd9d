import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isObject, type Resource } from '../../../domain/scim/resource.ts'
import { ScimFault } from '../../../domain/scim/scim-fault.ts'
import type { Provisioner } from '../../../engine/provisioning/needs.ts'
import type { HttpContext } from '../../context.ts'

/** What every route of SCIM is made from. */
export interface ScimContext {
  scim: FastifyInstance
  engine: HttpContext['engine']
  issuer: string
  provisionerOf(request: FastifyRequest): Provisioner
}

/** Throws ScimFault `invalidSyntax`. */
export function bodyOf({ body }: FastifyRequest): Resource {
  if (!isObject(body)) throw new ScimFault(400, 'invalidSyntax', 'The body is an object')
  return body
}
