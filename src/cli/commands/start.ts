import type { Command } from '../command.ts'

export const start: Command = {
  name: 'start',
  summary:
    'Start the server. When it is ready, it prints one line: {"ready":true,"url":"…"}. SIGTERM finishes current requests and stops it.',
  run: async ({ program, settings }) => ({ data: null, text: '', exitCode: await program.serve(settings) }),
}
