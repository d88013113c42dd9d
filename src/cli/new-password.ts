import { Problem } from '../domain/problem.ts'
import type { Random } from '../domain/random.ts'
import type { CommandInput, CommandOption } from './command.ts'

const generatedBytes = 15 // 20 characters

/** How a command gets a password: never as a flag's value, which every process on the machine can read. */
export const passwordOptions: Readonly<Record<string, CommandOption>> = {
  'password-stdin': {
    type: 'boolean',
    description: 'Read the password from standard input; otherwise one is generated and printed',
  },
}

export interface ChosenPassword {
  password: string
  /** True if it was generated and has to be shown. */
  isGenerated: boolean
}

export async function choosePassword(input: CommandInput, random: Random): Promise<ChosenPassword> {
  if (!input.options['password-stdin'])
    return { password: random.bytes(generatedBytes).toString('base64url'), isGenerated: true }
  return { password: await passwordFromInput(input), isGenerated: false }
}

/** Throws `invalid_fields` if none was given, or if it is empty. */
export async function passwordFromInput({ options, readInput }: CommandInput): Promise<string> {
  if (!options['password-stdin'])
    throw new Problem('invalid_fields', {
      detail:
        'give --password-stdin and the password on standard input; `sumun user recovery-link` lets the owner choose one',
    })
  const password = await readInput()
  if (password === '')
    throw new Problem('invalid_fields', { detail: 'there is no password on standard input' })
  return password
}
