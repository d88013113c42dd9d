import assert from 'node:assert/strict'
import { test } from 'node:test'
import { methods } from '../../src/methods/index.ts'
import { server } from '../support/fixture.ts'
import { methodDrivers } from '../support/method-drivers.ts'
import { rankSum } from '../support/rank-sum.ts'
import { answerMethod, beginAttempt, beginMethod, enrolMethod, enrolTotp } from '../support/users.ts'

// Response times must not reveal who has an account, or its methods (CWE-208).
const rounds = 50

// An identity elsewhere says who it is; the typed name takes no part.
for (const { id } of methods.filter(({ offered, upstream }) => offered && !upstream)) {
  test(`${id}: starting and wrongly answering a challenge take the same time for an unknown name`, async (t) => {
    const app = await server(t)
    const users: string[] = []
    const [begins, answers]: [Record<'known' | 'unknown', number[]>, Record<'known' | 'unknown', number[]>] =
      [
        { known: [], unknown: [] },
        { known: [], unknown: [] },
      ]
    for (let i = 0; i < rounds; i++) {
      const user = await app.user()
      if (id === 'totp') await enrolTotp(app, user.accessToken)
      if (id === 'recovery-code' && i % 5 === 0) await enrolMethod(app, user.accessToken, id, () => ({}))
      users.push(user.email)
    }
    const time = async <Result>(work: () => Promise<Result>): Promise<[number, Result]> => {
      const startedAt = performance.now()
      const result = await work()
      return [performance.now() - startedAt, result]
    }
    for (const [round, email] of users.entries()) {
      // In turns, so that what the one leaves behind is met by the other as often.
      for (const who of round % 2 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)) {
        const name = who === 'known' ? email : `nobody-${email}`
        const attempt = await beginAttempt(app, { purpose: 'sign-in', login_hint: name })
        begins[who].push((await time(() => beginMethod(app, attempt.id, id)))[0])
        const [took, reply] = await time(() =>
          answerMethod(app, attempt.id, id, methodDrivers[id]?.guess(app)),
        )
        assert.equal(reply.status, 400)
        answers[who].push(took)
      }
    }
    for (const [what, { known, unknown }] of Object.entries({ begins, answers })) {
      const z = rankSum(known, unknown)
      assert.ok(Math.abs(z) < 4, `${what}: z = ${z.toFixed(2)}`)
    }
  })
}
