import pino, { type Logger } from 'pino'
import type { ServerSettings } from './settings/schema.ts'

/**
 * Logs to stderr, one JSON object a line, or text on a terminal. Members named like secrets are redacted,
 * besides `Secret` values.
 */
export async function createLog({
  level,
  output,
}: {
  level: ServerSettings['logLevel']
  output: NodeJS.WriteStream & { fd: number }
}): Promise<Logger> {
  const options = {
    level,
    base: null,
    redact: {
      paths: [
        'password',
        'token',
        'secret',
        'authorization',
        'cookie',
        '*.password',
        '*.token',
        '*.secret',
        '*.authorization',
        '*.cookie',
        'err.config',
      ],
      censor: '[secret]',
    },
    serializers: { err: describeError },
    formatters: { level: (label: string) => ({ level: label }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  if (!output.isTTY) return pino(options, pino.destination({ dest: output.fd, sync: true }))
  const { default: pretty } = await import('pino-pretty')
  return pino(options, pretty({ destination: output.fd, sync: true }))
}

/** A driver's error may contain the statement's values; only name, code, message and stack are logged. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack, cause } = error
  const { code } = error as { code?: unknown }
  return {
    name,
    message,
    ...(code !== undefined && { code }),
    stack,
    ...(cause !== undefined && { cause: describeError(cause) }),
  }
}
