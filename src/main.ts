import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { runCommand } from './cli/sumun.ts'
import { localUrl } from './domain/site.ts'
import { isForPerson } from './greeting.ts'
import { openInstallation, version } from './installation.ts'
import { createLog } from './log.ts'
import { methods } from './methods/index.ts'
import { serve } from './serve.ts'
import { readMasterKey } from './settings/master-key.ts'

/** On stderr: a command's output may be redirected to a file. */
async function askPerson(question: string): Promise<string> {
  const dialogue = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await dialogue.question(question)
  } finally {
    dialogue.close()
  }
}

runCommand({
  methods,
  program: {
    version,
    async serve(settings) {
      const { logLevel } = settings.server
      // A person is greeted instead, and hears of what is wrong.
      const level = logLevel === 'info' && isForPerson(settings) ? 'warn' : logLevel
      return serve(settings, await createLog({ level, output: process.stderr }))
    },
    masterKey: ({ server }) => readMasterKey(server),
    async open(settings, options = {}) {
      const { server } = settings
      return openInstallation({
        ...options,
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
    printError: (line) => void process.stderr.write(`${line}\n`),
    ask: process.stdin.isTTY && process.stderr.isTTY ? askPerson : undefined,
    progress(text, event) {
      if (process.stderr.isTTY) process.stderr.write(`\r${text}\u001b[K`)
      else if (event) process.stderr.write(`${JSON.stringify(event)}\n`)
    },
    readInput: async () => (await text(process.stdin)).replace(/\r?\n$/, ''),
  },
}).then((exitCode) => {
  process.exitCode = exitCode
})
