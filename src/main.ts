import { text } from 'node:stream/consumers'
import { runCommand } from './cli/sumun.ts'
import { localUrl } from './domain/site.ts'
import { createLog } from './log.ts'
import { methods } from './methods/index.ts'
import { serve } from './serve.ts'
import { openInstallation, version } from './server.ts'

runCommand({
  methods,
  program: {
    version,
    serve: async (settings) => serve(settings, await createLog({ level: settings.server.logLevel, output: process.stderr })),
    async open(settings) {
      const { server } = settings
      return openInstallation({
        settings,
        issuer: server.issuer ?? localUrl(server.host, server.port),
        log: await createLog({ level: 'warn', output: process.stderr }),
      })
    },
  },
  terminal: {
    arguments: process.argv.slice(2),
    environment: process.env,
    print: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    readInput: async () => (await text(process.stdin)).replace(/\r?\n$/, ''),
  },
}).then((exitCode) => {
  process.exitCode = exitCode
})
