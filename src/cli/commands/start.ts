import type { Command } from '../command.ts'

export const start: Command = {
  name: 'start',
  summary:
    'Serve. When it can answer, it prints one line: {"ready":true,"url":"…"}. SIGTERM finishes what is under way and ends it.',
  run: async ({ program, settings }) => ({ data: null, text: '', exitCode: await program.serve(settings) }),
}
