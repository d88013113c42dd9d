import { existsSync } from 'node:fs'
import { daysToMilliseconds } from '../../domain/clock.ts'
import { isLoopback } from '../../domain/loopback.ts'
import { secretExpiry } from '../../engine/connections/secret-expiry.ts'
import { exposedFiles } from '../../settings/data-folder.ts'
import { masterKeyPath } from '../../settings/master-key.ts'
import type { Settings } from '../../settings/read.ts'
import { sql } from '../../store/statement.ts'
import { type Command, exitCodes, type OpenInstallation, withInstallation } from '../command.ts'

type Verdict = 'ok' | 'warning' | 'fault'

interface Finding {
  check: string
  verdict: Verdict
  detail: string
  /** What to do; null if nothing is. */
  fix: string | null
}

const clockSkewMillisecondsMax = 2000
const keyAgeMarginDays = 7
const clientsPerPage = 500
const connectionsMax = 10_000

const fine = (check: string, detail: string): Finding => ({ check, verdict: 'ok', detail, fix: null })

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check this installation, and say how to fix it. Exit code 4 if something is wrong.',
  run: (input) =>
    withInstallation(input, async (installation) => {
      const { settings } = input
      const findings = [
        checkIssuer(settings),
        ...checkMethods(installation),
        checkExposure(settings),
        checkMasterKey(settings),
        ...checkFiles(settings),
        checkMails(settings),
        ...(await checkDatabase(installation)),
        await checkKeys(installation),
        await checkOperators(installation),
        ...(await checkClients(installation)),
        ...(await checkConnections(installation)),
        await checkAudit(installation),
      ]
      const text = findings
        .map(
          ({ check, verdict, detail, fix }) =>
            `${verdict.padEnd(8)} ${check}: ${detail}${fix ? `\n         → ${fix}` : ''}`,
        )
        .join('\n')
      return {
        data: { findings },
        text,
        exitCode: findings.some(({ verdict }) => verdict === 'fault') ? exitCodes.found : exitCodes.ok,
      }
    }),
}

function checkIssuer({ server: { issuer, host } }: Settings): Finding {
  if (issuer?.startsWith('https:')) return fine('issuer', issuer)
  const local = issuer === undefined ? isLoopback(host) : isLoopback(new URL(issuer).hostname)
  if (local)
    return {
      check: 'issuer',
      verdict: 'warning',
      detail: `${issuer ?? 'the listen address'}: for trying out, on this machine only`,
      fix: 'set SUMUN_ISSUER to the public https:// address before others use it',
    }
  return {
    check: 'issuer',
    verdict: 'fault',
    detail: `${issuer ?? 'the listen address'} is not https: passwords and cookies are sent in clear text`,
    fix: 'put a TLS proxy in front and set SUMUN_ISSUER to its https:// address',
  }
}

function checkMethods({ engine: { methods, settings } }: OpenInstallation): Finding[] {
  return methods.list
    .filter(({ worksAt }) => worksAt?.(settings.issuer) === false)
    .map(({ id }) => ({
      check: id,
      verdict: 'warning' as const,
      detail: `cannot be used at ${settings.issuer}, since browsers allow it only for a name, by https or on localhost; it is not offered`,
      fix: 'set SUMUN_ISSUER to such a name, as in http://localhost:8000 or https://id.example.com',
    }))
}

function checkExposure({ server: { host, trustProxy, issuer } }: Settings): Finding {
  if (trustProxy === 0 && issuer?.startsWith('https:')) {
    return {
      check: 'proxy',
      verdict: 'warning',
      detail: 'a TLS proxy is in front, and all its users count as one source',
      fix: 'set SUMUN_TRUST_PROXY to the number of proxies that set X-Forwarded-For',
    }
  }
  if (trustProxy > 0 && !isLoopback(host))
    return {
      check: 'proxy',
      verdict: 'warning',
      detail: `X-Forwarded-For is trusted, but ${host} can be reached without the proxy`,
      fix: 'let only the proxy reach this port',
    }
  return fine('proxy', trustProxy === 0 ? 'forwarded addresses are ignored' : `${trustProxy} in front`)
}

function checkMasterKey({ server: { data, masterKey } }: Settings): Finding {
  const path = masterKeyPath(data)
  if (masterKey !== undefined) return fine('master key', 'from the environment')
  if (!existsSync(path))
    return {
      check: 'master key',
      verdict: 'fault',
      detail: `${path} is missing`,
      fix: 'restore it from your copy',
    }
  return fine('master key', `${path}; keep a copy, separate from the backups`)
}

const checkFiles = ({ server: { data } }: Settings): Finding[] =>
  exposedFiles(data).map(({ path, mode }) => ({
    check: 'files',
    verdict: 'fault',
    detail: `${path} has mode ${mode}: others can read it`,
    fix: `chmod 600 ${path}`,
  }))

const checkMails = ({ server: { smtpUrl, data } }: Settings): Finding =>
  smtpUrl === undefined
    ? {
        check: 'mail',
        verdict: 'warning',
        detail: `no SMTP server: mails would be written to ${data}/outbox`,
        fix: 'set SUMUN_SMTP_URL',
      }
    : fine('mail', 'an SMTP server is set')

const sqliteSettings = sql(
  'doctorSqlite',
  `SELECT (SELECT journal_mode FROM pragma_journal_mode) AS journal, (SELECT quick_check FROM pragma_quick_check LIMIT 1) AS damage`,
)
const postgresSettings = sql(
  'doctorPostgres',
  `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commits, current_setting('full_page_writes') AS pages`,
)

async function checkDatabase({ database, engine }: OpenInstallation): Promise<Finding[]> {
  if (database.engine === 'sqlite') {
    const row = await database.row<{ journal: string; damage: string }>(sqliteSettings)
    const sound = row?.journal === 'wal' && row.damage === 'ok'
    return [
      sound
        ? fine('database', 'SQLite, write-ahead log, durable commits, no damage found')
        : {
            check: 'database',
            verdict: 'fault',
            detail: `SQLite: journal ${row?.journal}, check ${row?.damage}`,
            fix: 'restore the latest backup into a new data folder',
          },
    ]
  }
  const row = await database.row<{ fsync: string; commits: string; pages: string }>(postgresSettings)
  const durable = row?.fsync === 'on' && row.commits !== 'off' && row.pages === 'on'
  const skew = Math.abs(engine.clockOffset())
  return [
    durable
      ? fine('database', 'PostgreSQL, durable commits')
      : {
          check: 'database',
          verdict: 'fault',
          detail: `PostgreSQL: fsync ${row?.fsync}, synchronous_commit ${row?.commits}, full_page_writes ${row?.pages}: a crash can lose confirmed writes`,
          fix: 'turn all three on',
        },
    skew <= clockSkewMillisecondsMax
      ? fine('clock', `${Math.round(skew)} ms from the database's`)
      : {
          check: 'clock',
          verdict: 'fault',
          detail: `${Math.round(skew / 1000)} s from the database's, which is authoritative: applications get ID tokens with a wrong time`,
          fix: 'keep both clocks right with NTP',
        },
  ]
}

async function checkKeys({ engine }: OpenInstallation): Promise<Finding> {
  const current = (await engine.store.signingKeys.listLive()).find((key) => key.state === 'current')
  if (!current)
    return {
      check: 'signing keys',
      verdict: 'warning',
      detail: 'none yet',
      fix: 'start the server once: it creates them',
    }
  const days = Math.floor(
    (engine.clock.now() - (current.currentSince ?? current.createdAt)) / daysToMilliseconds(1),
  )
  if (days <= engine.settings.signingKeyDays + keyAgeMarginDays)
    return fine(
      'signing keys',
      `the current one signs for ${days} days, and is replaced after ${engine.settings.signingKeyDays}`,
    )
  return {
    check: 'signing keys',
    verdict: 'fault',
    detail: `the current one is ${days} days old and was not replaced`,
    fix: 'look for `background.failed` in the log, or run `sumun key rotate`',
  }
}

async function checkOperators({ engine }: OpenInstallation): Promise<Finding> {
  const count = await engine.store.accounts.countOperators('active')
  return count > 0
    ? fine('operators', String(count))
    : {
        check: 'operators',
        verdict: 'warning',
        detail: 'this server has no operator yet',
        fix: 'run `sumun user add --operator --email …`, or open the link that a start prints',
      }
}

async function checkClients({ engine }: OpenInstallation): Promise<Finding[]> {
  const waived: string[] = []
  for (let after: string | null = null; ; ) {
    const page = await engine.store.clients.list({ after, limit: clientsPerPage })
    waived.push(
      ...page
        .filter(({ settings }) => !settings.pkceRequired)
        .map(({ id, metadata }) => `${metadata.client_name ?? id} (${id})`),
    )
    after = page.at(-1)?.id ?? null
    if (page.length < clientsPerPage) break
  }
  if (waived.length === 0) return []
  return [
    {
      check: 'applications',
      verdict: 'warning',
      detail: `without PKCE: ${waived.join(', ')}; a code that leaks from one of them can be used by anyone who has its secret`,
      fix: 'update the application, then `sumun client update ID --pkce`',
    },
  ]
}

async function checkConnections({ engine }: OpenInstallation): Promise<Finding[]> {
  const findings: Finding[] = []
  const now = engine.clock.now()
  const all = await engine.store.connections.list({ after: null, limit: connectionsMax })
  for (const connection of all) {
    const { slug, kind, settings, state, secretSealed } = connection
    if (state === 'disabled') continue
    const check = `connection ${slug}`
    const expiry = secretExpiry(connection, now)
    if (!engine.methods.find(kind)) {
      const detail = `this version knows no connections of kind ${kind}; its users cannot sign in by it`
      findings.push({ check, verdict: 'fault', detail, fix: 'install the version that made it' })
    } else if (secretSealed === null && settings.authentication !== 'none') {
      const fix = `\`sumun connection update ${slug} --secret-stdin\``
      findings.push({ check, verdict: 'fault', detail: 'no secret is set', fix })
    } else if (expiry) findings.push({ check, ...expiry })
  }
  return findings
}

async function checkAudit({ engine }: OpenInstallation): Promise<Finding> {
  const { lines, fault } = await engine.audit.verify()
  if (!fault) return fine('audit log', `${lines} lines, all intact`)
  return {
    check: 'audit log',
    verdict: 'fault',
    detail: `line ${fault.seq}: ${fault.reason}`,
    fix: 'the database was changed by hand; compare with a backup',
  }
}
