import type { KeyRotation } from '../../domain/key-rotation.ts'
import { findSamlApplication, rotateSamlKey } from '../../engine/clients/saml-applications.ts'
import { rotateConnectionKey } from '../../engine/connections/connections.ts'
import { type Command, type CommandInput, withInstallation } from '../command.ts'
import { connectionNamed } from '../find-connection.ts'

const actor = 'cli'
const options: Command['options'] = {
  finish: { type: 'boolean', description: 'The next key signs from now on; the other side has read it' },
}

export const connectionRotateKey: Command = {
  name: 'connection rotate-key',
  summary: 'Change our key for a SAML provider, in two steps.',
  arguments: ['SLUG'],
  options,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const connection = await connectionNamed(engine, input)
      await rotateConnectionKey(engine, { connection, step: stepOf(input), actor })
      return done(input, 'connection rotate-key')
    }),
}

export const samlRotateKey: Command = {
  name: 'saml rotate-key',
  summary: 'Change the key that signs for an application, in two steps.',
  arguments: ['SLUG'],
  options,
  run: (input) =>
    withInstallation(input, async ({ engine }) => {
      const [slug = ''] = input.arguments
      const application = await findSamlApplication(engine, { slug })
      await rotateSamlKey(engine, { application, step: stepOf(input), actor })
      return done(input, 'saml rotate-key')
    }),
}

const stepOf = ({ options: { finish } }: CommandInput): KeyRotation['step'] => (finish ? 'finish' : 'begin')

function done(input: CommandInput, command: string) {
  const [slug = ''] = input.arguments
  const step = stepOf(input)
  const text =
    step === 'begin'
      ? `The metadata of ${slug} has a next certificate. When the other side has read it: sumun ${command} ${slug} --finish`
      : `${slug} signs with the next key; the former certificate is gone from the metadata`
  return { data: { slug, step }, text }
}
