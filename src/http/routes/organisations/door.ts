import { Type } from 'typebox'
import type { OrganisationId } from '../../../domain/id.ts'
import type { Organisation } from '../../../domain/organisation.ts'
import type { Engine } from '../../../engine/engine.ts'
import { findOrganisation } from '../../../engine/organisations/organisations.ts'
import { type Guard, member, operator } from '../../caller/guards.ts'
import { idOf } from '../../schema/schemas.ts'
import type { Tag } from '../../server/openapi.ts'

/** Operators and the organisation's own admins manage it through the same routes, at two addresses. */
export interface Door {
  base: '/v1/admin/organisations' | '/v1/organisations'
  tag: Tag
  reads: Guard<Promise<Managing>>
  changes: Guard<Promise<Managing>>
  /** An operator may leave an organisation without an admin. */
  byOperator: boolean
  /** Of an operation, in the OpenAPI document: each needs a name of its own. */
  named(verb: string, noun: string): string
}

export interface Managing {
  actor: string
  acting: Engine
  organisation: Organisation
}

const asOperator = (deed: 'reads' | 'changes'): Guard<Promise<Managing>> => {
  const guard = operator(deed)
  return {
    ...guard,
    problems: [...guard.problems, 'not_found'],
    async admit(engine, request) {
      const { actor, acting } = await guard.admit(engine, request)
      const { id } = request.params as { id: OrganisationId }
      return { actor, acting, organisation: await findOrganisation(engine, id) }
    },
  }
}

export const doors: readonly Door[] = [
  {
    base: '/v1/organisations',
    tag: 'organisations',
    reads: member('reads'),
    changes: member('changes'),
    byOperator: false,
    named: (verb, noun) => `${verb}${noun}`,
  },
  {
    base: '/v1/admin/organisations',
    tag: 'admin',
    reads: asOperator('reads'),
    changes: asOperator('changes'),
    byOperator: true,
    named: (verb, noun) => `${verb}${noun}AsOperator`,
  },
]

export const idParams = Type.Object({ id: idOf('org') })
