import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { bcrypt, importedPassword, importingServer, totpSecret } from '../support/import.ts'
import { authenticatorApp } from '../support/users.ts'

// Accounts of other systems by `sumun import`, beside a running server; more in test/full/import.test.ts.
const header =
  'id,email,email_verified,username,phone,name,locale,disabled,created_at,password_hash,totp_secret,groups'

for (const engine of engines) {
  const on = { skip: engine.skip }

  test(`${engine.name}: a dry run foretells line by line what the import does`, on, async (t) => {
    const { app, folder, write, run, cli, signIn } = await importingServer(t, engine)
    const there = await app.user({ email: 'there@example.com', username: 'there' })
    const file = write(
      'users.csv',
      [
        header,
        `1,Ann@Example.com,true,ann,,Ann,ko,,2020-01-02T03:04:05Z,${bcrypt},,`,
        `2,ann@example.com,true,ANN,,Ann again,,,,${bcrypt},,`,
        `3,there@example.com,true,,,,,,,${bcrypt},,`,
        `4,,,paypal,,,,,,${bcrypt},,`,
        `5,look@example.com,,pаypal,,,,,,${bcrypt},,`,
        `6,=not an address,,,,,,,,${bcrypt},,`,
        `7,late@example.com,false,,+821012345678,"Kim, ""Late""
Two lines",en,true,,$2b$31$qOQDyOa.KGOivAWsMQUPqO.Rba8YLj/VoZP/fmXDrZJPth7GMHhka,,staff`,
        '8,short@example.com,,,,,,,,"$argon2id$v=19$m=64,t=1,p=1$c2hvcnQ$c2hvcnQ",,',
        '9,too,few',
        `10,totp@example.com,true,,,,,,,${bcrypt},${totpSecret},`,
      ].join('\n'),
    )
    const reports = ['dry.csv', 'done.csv', 'page.html', 'lines.jsonl'].map((name) => join(folder, name))
    const [dry = '', done = '', page = '', lines = ''] = reports
    const foretold = await run(file, '--dry-run', '--report', dry)
    assert.equal(foretold.exitCode, 0, foretold.stdout)
    assert.equal((await run(file, '--dry-run', '--report', page)).exitCode, 0)
    assert.equal((await run(file, '--dry-run', '--report', lines)).exitCode, 0)
    assert.equal((await signIn('ann')).status, 400, 'nothing was written')
    const result = await run(file, '--report', done)
    assert.equal(readFileSync(dry, 'utf8'), readFileSync(done, 'utf8'))
    assert.deepEqual({ ...foretold.json, dry_run: false, import: null }, { ...result.json, import: null })
    const { rows, new: made, skipped, reasons, warnings } = result.json
    assert.deepEqual({ rows, made, skipped }, { rows: 10, made: 6, skipped: 4 })
    assert.deepEqual(reasons, {
      ...{ same_as_earlier_line: 1, identifier_taken: 1, no_identifier: 1, malformed_record: 1 },
    })
    assert.deepEqual(warnings, {
      ...{
        username_lookalike: 1,
        email_malformed: 1,
        groups_left_out: 1,
        hash_too_costly: 1,
        hash_malformed: 1,
      },
    })
    assert.match(readFileSync(dry, 'utf8'), /,'=not an address,/, 'a formula is text')
    const html = readFileSync(page, 'utf8')
    assert.match(html, /What would be imported from users\.csv/)
    assert.match(html, /<svg/)
    const reported = readFileSync(lines, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(reported.find(({ reason }) => reason === 'same_as_earlier_line').about, '2')
    assert.equal(reported.find(({ reason }) => reason === 'identifier_taken').about, there.accountId)

    // Signed in with the former password, and by our own hash from then on.
    const { body } = await signIn('ann@example.com')
    assert.ok(body.access_token, JSON.stringify(body))
    const shown = await cli('user', 'show', 'ann')
    assert.equal(shown.json.name, 'Ann')
    assert.equal(shown.json.created_at, '2020-01-02T03:04:05.000Z')
    assert.ok(shown.json.identifiers.every(({ kind, verified }: never) => (kind === 'email') === verified))
    assert.equal((await signIn('late@example.com')).status, 400, 'it has no password')
    const late = await cli('user', 'show', '+821012345678')
    assert.equal(late.json.state, 'disabled')
    assert.equal((await signIn('totp@example.com')).body.code, 'more_evidence_required')
    const code = authenticatorApp(totpSecret).codeAt(app.clock.now())
    assert.equal((await signIn('totp@example.com', importedPassword, code)).status, 200)

    const again = await run(file)
    assert.deepEqual([again.json.new, again.json.reasons.identifier_taken], [0, 6 + 2])
  })
}
