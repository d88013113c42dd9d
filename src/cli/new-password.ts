import { Problem } from '../domain/problem.ts'
import type { Random } from '../domain/random.ts'
import type { CommandInput, CommandOption } from './command.ts'

const generatedBytes = 15 // 20 characters

/** How a command is told a password; never as a flag's value, which every process on the machine can read. */
export const passwordOptions: Readonly<Record<string, CommandOption>> = {
  'password-stdin': { type: 'boolean', description: 'Read the password from standard input; without it one is made up and printed' },
}

export interface ChosenPassword {
  password: string
  /** True where it has to be shown, since nobody knows it yet. */
  isGenerated: boolean
}

export async function choosePassword({ options, readInput }: CommandInput, random: Random): Promise<ChosenPassword> {
  if (!options['password-stdin']) return { password: random.bytes(generatedBytes).toString('base64url'), isGenerated: true }
  const password = await readInput()
  if (password === '') throw new Problem('invalid_fields', { detail: 'standard input holds no password' })
  return { password, isGenerated: false }
}
