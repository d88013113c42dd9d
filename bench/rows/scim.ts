import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { addOrganisation } from '../../src/engine/organisations/organisations.ts'
import { issueScimToken } from '../../src/engine/provisioning/scim-tokens.ts'
import { startEmpty, withEngine } from '../ours.ts'
import { median, type Row, type RunOptions } from '../table.ts'

const accounts = 1_000_000
const companyUsers = 10_000
const calls = 101
const goalMilliseconds = 10

/** Lists of 100 users by SCIM, where a million accounts are: of a company of theirs, and of all of them. */
export async function scimRows({ note }: RunOptions): Promise<Row[]> {
  const ours = await startEmpty()
  try {
    const company = await withCompany(ours, 'company')
    const everyone = await withCompany(ours, 'everyone')
    fill(join(String(ours.environment.SUMUN_DATA), 'sumun.sqlite'), { company, everyone })
    note(
      `SCIM lists are timed at the client, one call after another; ${accounts.toLocaleString('en')} accounts.`,
    )
    const middle = (count: number) => Math.floor(count / 2)
    const asked: [what: string, token: string, path: string][] = [
      ['100 of 10,000 users', company.token, `count=100&startIndex=${middle(companyUsers)}`],
      ['a user by name, of a million', everyone.token, 'filter=userName%20eq%20%22u777777%40corp.example%22'],
      ['the first 100 of a million', everyone.token, 'count=100&startIndex=1'],
    ]
    const rows: Row[] = []
    for (const [what, token, path] of asked)
      rows.push(rowOf(what, await timeOf(`${ours.url}/scim/v2/Users?${path}`, token)))
    rows.push(await pagesOf(ours.url, everyone.token))
    return rows
  } finally {
    await ours.stop()
  }
}

interface Company {
  id: string
  token: string
}

const withCompany = (ours: Parameters<typeof withEngine>[0], slug: string): Promise<Company> =>
  withEngine(ours, async ({ engine }) => {
    const organisation = await addOrganisation(engine, { slug, name: slug, actor: 'bench' })
    const about = { organisation, name: 'directory', days: null, actor: 'bench' }
    const { secret } = await issueScimToken(engine, about)
    return { id: organisation.id, token: secret.reveal() }
  })

/** Made by the database itself: an import would take a minute. */
function fill(path: string, { company, everyone }: { company: Company; everyone: Company }): void {
  const database = new DatabaseSync(path)
  const numbered = (prefix: string) => `'${prefix}_0000000000000000000' || printf('%07d', n)`
  const numbers = (count: number) =>
    `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count - 1})`
  const users = (prefix: string, { id }: Company, count: number) => `
    ${numbers(count)} INSERT INTO scim_user
      (id, organisation_id, account_id, user_name, external_id, email, active, owns_account, attributes, revision, created_at, updated_at)
    SELECT ${numbered(prefix)}, '${id}', ${numbered('acc')}, 'u' || n || '@corp.example', 'x' || n, NULL, 1, 1,
      json_object('userName', 'u' || n || '@corp.example', 'active', json('true')), 1, 1, 1 FROM numbers;`
  database.exec(`BEGIN;
    ${numbers(accounts)} INSERT INTO account (id, kind, state, role, name, locale, revision, created_at, updated_at)
    SELECT ${numbered('acc')}, 'person', 'active', 'member', NULL, 'en', 1, 1, 1 FROM numbers;
    ${users('scu', everyone, accounts)}
    ${users('scv', company, companyUsers)}
    COMMIT`)
  database.close()
}

/** A directory reads on, page by page. */
async function pagesOf(url: string, token: string): Promise<Row> {
  const took: number[] = []
  for (let page = 0; page < calls; page++)
    took.push(
      await timeOf(`${url}/scim/v2/Users?count=100&startIndex=${accounts / 2 + page * 100}`, token, 1),
    )
  return rowOf('100 users each, page by page in a million', median(took))
}

const rowOf = (what: string, milliseconds: number): Row => ({
  ...{ what: `SCIM: ${what}`, unit: ' ms', ours: milliseconds, errors: 0 },
  ...{ beside: 'the limit', theirs: goalMilliseconds, goal: 1, lowerIsBetter: true },
})

async function timeOf(url: string, token: string, times = calls): Promise<number> {
  const took: number[] = []
  for (let call = 0; call < times; call++) {
    const startedAt = performance.now()
    const reply = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    const { Resources } = (await reply.json()) as { Resources?: unknown[] }
    took.push(performance.now() - startedAt)
    if (!Resources?.length) throw new Error(`${url} answered ${reply.status}`)
  }
  return median(took)
}
