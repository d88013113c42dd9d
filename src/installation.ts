import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { MasterKey } from './crypto/master-key.ts'
import type { Argon2Cost } from './crypto/password-hash/argon2.ts'
import { createHashQueue, type HashQueue } from './crypto/password-hash/hash-queue.ts'
import { createProviderSecrets } from './crypto/provider-secrets.ts'
import { createRefreshTokens } from './crypto/refresh-token.ts'
import { createSealer } from './crypto/seal.ts'
import { createSessionCookies } from './crypto/session-cookie.ts'
import { type AuditAnchorFile, createAuditAnchor } from './delivery/audit-anchor.ts'
import { type Clock, systemClock } from './domain/clock.ts'
import type { MethodDefinition } from './domain/method.ts'
import { type Random, systemRandom } from './domain/random.ts'
import { createAuditTrail } from './engine/audit/audit-log.ts'
import { createClientCache } from './engine/clients/client-cache.ts'
import type { OpenIdProvider } from './engine/clients/openid-provider.ts'
import { createOfferedConnections } from './engine/connections/offered-connections.ts'
import { createSlowestHash } from './engine/credentials/slowest-hash.ts'
import type { Engine, Observer } from './engine/engine.ts'
import { createKeyRing } from './engine/keys/key-ring.ts'
import { createRateLimits } from './engine/limits/rate-limits.ts'
import { createThrottle } from './engine/limits/sign-in-throttle.ts'
import type { MessageNeeds } from './engine/messages/needs.ts'
import { createNotify } from './engine/messages/notify.ts'
import { createMethodHost } from './engine/method-host.ts'
import { pairwiseKeyOf } from './engine/operations/rekey.ts'
import { createLongLists } from './engine/provisioning/long-lists.ts'
import { createAuthenticator } from './engine/sessions/authenticate-token.ts'
import { createRevocationFeed } from './engine/sessions/revocation-feed.ts'
import { createStatusNumbers } from './engine/sessions/status-list-indexes.ts'
import { engineSettingsOf } from './engine-settings.ts'
import { createFederation } from './federation/federation.ts'
import { createFindTxtRecords } from './federation/txt-records.ts'
import type { Greeter } from './greeting.ts'
import { hashesAtOnce, hashingFor } from './hashing.ts'
import { currentTrace } from './http/server/request-trace.ts'
import { masterKeyInUse } from './master-key-in-use.ts'
import { methods as standardMethods } from './methods/index.ts'
import { createImportFiles } from './moving/import-files.ts'
import { importSources } from './moving/index.ts'
import { createOpenIdProvider } from './provider/provider.ts'
import { readBrand } from './settings/brand-file.ts'
import { ensureDataFolder, exposedFiles } from './settings/data-folder.ts'
import { readMasterKey } from './settings/master-key.ts'
import { readPolicy } from './settings/policy-file.ts'
import { type Settings, SettingsError } from './settings/read.ts'
import type { Database } from './store/database.ts'
import { DatabaseFault, findPostgres, type PostgresPlace } from './store/find-postgres.ts'
import { migrate } from './store/migrate.ts'
import { migrations } from './store/migrations/index.ts'
import { openStore } from './store/open-store.ts'
import { openPostgres } from './store/postgres.ts'
import { openScratch } from './store/scratch.ts'
import { openSqlite } from './store/sqlite.ts'
import { openSqliteApart } from './store/sqlite-apart.ts'

export const version: string = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).version

/** The inputs of a process. Only tests inject their own clock and randomness. */
export interface StartOptions {
  settings: Settings
  log: Logger
  /** Prints the first-operator link, if there is no operator. One process of several does. */
  announces?: boolean
  /** For a person at a terminal. */
  greeter?: Greeter
  clock?: Clock
  random?: Random
  passwordCost?: Argon2Cost
  /** A reply that does not match its schema is an error: for tests. */
  checksReplies?: boolean
  /** Writes much, and prepares what it writes meanwhile: an import. */
  writesApart?: boolean
  /** Others than the standard ones; `settings` must have been read for the same. */
  methods?: readonly MethodDefinition[]
}

export interface Installation {
  engine: Engine
  openid: OpenIdProvider
  database: Database
  queue: HashQueue
  masterKey: MasterKey
  close(): Promise<void>
}

/** Where no one watches, as on the command line. */
const deafObserver: Observer = {
  signIn: () => undefined,
  backgroundFailure: () => undefined,
  secretsExpiring: () => undefined,
}

/**
 * The database, migrated, and the engine over it: what the server and the command line share. Throws
 * SettingsError, MigrationMismatch.
 */
export async function openInstallation(
  given: StartOptions & { issuer: string; observer?: Partial<Observer>; delivery?: Engine['delivery'] },
): Promise<Installation> {
  const { settings, issuer, random = systemRandom, observer, methods = standardMethods } = given
  const { server } = settings
  warnOfExposedFiles(given.log, server.data)
  readMasterKey(server) // reports errors before anything is created
  const database = await openDatabase(settings, { writesApart: given.writesApart ?? false })
  const clock = given.clock ?? database.clock ?? systemClock
  try {
    await migrate(database, migrations, clock.now())
    const store = openStore(database)
    const masterKey = await masterKeyInUse({
      installation: store.installation,
      masterKey: server.masterKey,
      data: server.data,
      random,
      log: given.log,
    })
    const sealer = createSealer(masterKey, random)
    const engineSettings = engineSettingsOf(settings, {
      issuer,
      policy: await readPolicy(server.policy),
      brand: await readBrand(server.brand),
    })
    const federation = createFederation(engineSettings)
    const keyRing = createKeyRing({ store, sealer, ...engineSettings })
    const revocations = createRevocationFeed({ store, clock })
    const queue = createHashQueue({ parallel: hashesAtOnce(server.workers) })
    const slowestHash = createSlowestHash(store)
    const messaging: MessageNeeds = {
      settings: engineSettings,
      store,
      clock,
      random,
      sealer,
      methods: createMethodHost({
        methods,
        settings: settings.methods,
        random,
        store,
        sealer,
        ...engineSettings,
        federation,
        hashingFor: hashingFor(given, { queue, random, clock, observe: slowestHash.observe }),
      }),
      rateLimits: createRateLimits({ store, clock, masterKey, smsPerDayMax: server.smsPerDay }),
      delivery: given.delivery ?? { wake: () => undefined },
    }
    const engine: Engine = {
      ...messaging,
      settings: engineSettings,
      store,
      clockOffset: () => (given.clock ? 0 : systemClock.now() - clock.now()),
      keyRing,
      revocations,
      statuses: createStatusNumbers(store),
      clientCache: createClientCache(store),
      federation,
      findTxtRecords: createFindTxtRecords(listIn(server.dnsServers)),
      ...{ offeredConnections: createOfferedConnections(store), longLists: createLongLists() },
      refreshTokens: createRefreshTokens(masterKey),
      sessionCookies: createSessionCookies(masterKey),
      authenticator: createAuthenticator({ keyRing, revocations, clock }),
      throttle: createThrottle({ store, clock, masterKey }),
      slowestHash,
      importFiles: createImportFiles({ sources: importSources, openScratch, clock }),
      audit: auditOf(given, { ...messaging, store, masterKey }),
      notify: createNotify(messaging),
      observe: { ...deafObserver, ...observer },
    }
    const openid = createOpenIdProvider(
      engine,
      createProviderSecrets(masterKey, await pairwiseKeyOf(store.installation, masterKey, random)),
    )
    return { engine, openid, database, queue, masterKey, close: () => database.close() }
  } catch (error) {
    await database.close()
    throw error
  }
}

function warnOfExposedFiles(log: Logger, data: string): void {
  for (const { path, mode } of exposedFiles(data))
    log.warn(
      { event: 'file.exposed', path, mode },
      `${path} has mode ${mode}: others can read it; run chmod 600 on it`,
    )
}

async function openDatabase(
  { server: { databaseUrl, data } }: Settings,
  { writesApart }: { writesApart: boolean },
): Promise<Database> {
  if (databaseUrl) return openPostgres(await findDatabase(databaseUrl))
  ensureDataFolder(data)
  const path = join(data, 'sumun.sqlite')
  try {
    return writesApart ? openSqliteApart(path) : openSqlite(path)
  } catch (error) {
    throw new SettingsError([`${path}: cannot be opened as a database (${(error as Error).message})`])
  }
}

const findDatabase = (url: string): Promise<PostgresPlace> =>
  findPostgres(url).catch((error) => {
    throw error instanceof DatabaseFault ? new SettingsError([`SUMUN_DATABASE_URL: ${error.message}`]) : error
  })

/** Separated by commas. */
const listIn = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

const auditOf = (given: StartOptions, parts: AuditParts) =>
  createAuditTrail({ ...parts, anchor: anchorFor(given), trace: currentTrace })
type AuditParts = Omit<Parameters<typeof createAuditTrail>[0], 'anchor' | 'trace'>

const anchorFor = ({ settings: { server }, log }: Pick<StartOptions, 'settings' | 'log'>): AuditAnchorFile =>
  createAuditAnchor({
    folder: server.data,
    webhookUrl: server.auditAnchorUrl ?? null,
    tell: (head) =>
      log.info({ event: 'audit.anchored', ...head }, `the audit log ends with line ${head.seq}`),
    failed: (error) =>
      log.warn(
        { event: 'audit.anchor_failed', err: error },
        'the head of the audit log could not be recorded',
      ),
  })
