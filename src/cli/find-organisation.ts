import type { Organisation } from '../domain/organisation.ts'
import { Problem } from '../domain/problem.ts'
import type { Engine } from '../engine/engine.ts'
import { organisationNamed as named } from '../engine/organisations/organisations.ts'
import type { CommandInput } from './command.ts'

/** The first argument. Throws `not_found`. */
export const findOrganisation = (
  engine: Engine,
  { arguments: [text = ''] }: CommandInput,
): Promise<Organisation> => organisationNamed(engine, text)

/** By its slug or its id. Throws `not_found`. */
export async function organisationNamed(engine: Engine, text: string): Promise<Organisation> {
  const organisation = await named(engine, text)
  if (!organisation) throw new Problem('not_found', { detail: `there is no organisation ${text}` })
  return organisation
}
