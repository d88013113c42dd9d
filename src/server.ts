import { join } from 'node:path'
import type { Logger } from 'pino'
import { createMailCarrier } from './delivery/mail.ts'
import { createOutbox, type Outbox } from './delivery/outbox.ts'
import { createSmsCarrier } from './delivery/sms.ts'
import type { Message } from './domain/message.ts'
import type { OpenIdProvider } from './engine/clients/openid-provider.ts'
import type { Engine, Observer } from './engine/engine.ts'
import { ensureSigningKeys } from './engine/keys/rotate-keys.ts'
import { startBackground } from './engine/operations/background.ts'
import { offerFirstOperator } from './engine/sign-up/first-operator.ts'
import { httpSettingsOf } from './engine-settings.ts'
import { createApp } from './http/app.ts'
import { createMetrics, type Metrics } from './http/metrics/metrics.ts'
import { type Listener, listen } from './http/server/http-server.ts'
import { createFailureLog } from './http/server/log-failure.ts'
import { openInstallation, type StartOptions, version } from './installation.ts'
import { mailLook } from './mail-look.ts'
import type { Settings } from './settings/read.ts'
import { createSiblingMetrics } from './sibling-metrics.ts'

const outboxPath = ({ server }: Settings): string => join(server.data, 'outbox')
const drainMilliseconds = 10_000

export interface RunningServer {
  url: string
  engine: Engine
  openid: OpenIdProvider
  /** The paths of all forms of the pages. */
  forms: readonly string[]
  /** Finishes current requests, for at most this long, then closes everything. */
  stop(graceMilliseconds?: number): Promise<void>
}

/** Starts the server. Throws SettingsError, MigrationMismatch, and Node's listen errors. */
export async function startServer(given: StartOptions): Promise<RunningServer> {
  const { settings, log } = given
  const listener = await listen(settings.server)
  try {
    return await serveOn(listener, given)
  } catch (error) {
    await listener.drain(0)
    log.error({ event: 'server.failed', err: error }, 'could not start')
    throw error
  }
}

async function serveOn(listener: Listener, given: StartOptions): Promise<RunningServer> {
  const { settings, log } = given
  const issuer = settings.server.issuer ?? listener.url
  const observer: Partial<Observer> = {}
  const delivery: Engine['delivery'] = { wake: () => outbox.wake() }
  const { engine, openid, queue, close } = await openInstallation({
    ...given,
    issuer,
    observer: forwarding(observer),
    delivery,
  })
  const askSiblings = createSiblingMetrics(() => metrics.snapshot())
  const metrics = createMetrics({ queue, keyRing: engine.keyRing, clock: engine.clock, askSiblings })
  const logFailure = createFailureLog(log)
  observer.signIn = metrics.signIn
  observer.secretsExpiring = metrics.secretsExpiring
  observer.backgroundFailure = (task, error) => {
    metrics.backgroundFailure(task)
    logFailure({
      level: 'warn',
      event: 'background.failed',
      fields: { task },
      err: error,
      message: `${task}: failed, will be retried`,
    })
  }
  await ensureSigningKeys(engine)
  await engine.revocations.poll()
  const operatorLink = (given.announces ?? true) ? await offerFirstOperator(engine) : undefined
  if (operatorLink && !given.greeter) announceFirstOperator(operatorLink.reveal(), log)
  const {
    app,
    listener: handler,
    forms,
  } = await createApp({
    engine,
    openid,
    metrics,
    log,
    version,
    server: listener.server,
    settings: httpSettingsOf(settings),
    checksReplies: given.checksReplies ?? false,
  })
  const background = startBackground(engine, { tellClients: () => openid.tellClients() })
  const outbox = openOutbox(engine, { ...given, metrics })
  listener.serve(handler)
  given.greeter?.ready({
    url: issuer,
    operatorLink: operatorLink?.reveal() ?? null,
    outbox: settings.server.smtpUrl ? null : outboxPath(settings),
  })
  return {
    url: listener.url,
    engine,
    openid,
    forms,
    async stop(graceMilliseconds = drainMilliseconds) {
      await listener.drain(graceMilliseconds)
      await background.stop()
      await outbox.stop()
      await engine.audit.seal().catch(() => undefined) // the next start chains the rest
      await app.close()
      await close()
    },
  }
}

function openOutbox(
  engine: Engine,
  { settings, log, greeter, metrics }: StartOptions & { metrics: Metrics },
): Outbox {
  const { server } = settings
  const folder = outboxPath(settings)
  const { hostname } = new URL(engine.settings.issuer)
  const wrote = (path: string, message: Message) =>
    greeter
      ? greeter.message(message, path)
      : log.info(
          { event: 'message.written', path },
          `written to ${path}, since no mail or text message delivery is configured`,
        )
  const from =
    server.mailFrom ?? `${engine.settings.siteName.replaceAll(/[<>",]/g, '')} <no-reply@${hostname}>`
  return createOutbox({
    store: engine.store,
    sealer: engine.sealer,
    clock: engine.clock,
    carriers: {
      email: createMailCarrier({
        smtpUrl: server.smtpUrl ?? null,
        from,
        folder,
        look: mailLook(engine.settings),
        wrote,
      }),
      sms: createSmsCarrier({
        webhookUrl: server.smsWebhookUrl ?? null,
        authorization: server.smsWebhookAuthorization ?? null,
        body: server.smsWebhookBody,
        host: hostname,
        folder,
        wrote,
      }),
    },
    observe: {
      sent: (channel) => metrics.message(channel, 'sent'),
      failed(failure) {
        metrics.message(failure.channel, failure.givenUp ? 'given_up' : 'failed')
        log[failure.givenUp ? 'error' : 'warn'](
          { event: 'message.failed', ...failure },
          `a message was not sent: ${failure.error}`,
        )
      },
    },
  })
}

const announceFirstOperator = (link: string, log: Logger): void =>
  log.warn(
    { event: 'first_operator.offered', link },
    'there is no operator yet: open this single-use link to become one, or run `sumun user add --operator`',
  )

const forwarding = (observer: Partial<Observer>): Observer => ({
  signIn: (method, outcome) => observer.signIn?.(method, outcome),
  backgroundFailure: (task, error) => observer.backgroundFailure?.(task, error),
  secretsExpiring: (count) => observer.secretsExpiring?.(count),
})
