import { alternately } from '../load.ts'
import { startOurs } from '../ours.ts'
import type { Row, RunOptions } from '../table.ts'

const connections = 16
const goalMilliseconds = 3

/** What the first page costs the server: it is made anew for each reader. */
export async function pageRows({ seconds }: RunOptions): Promise<Row[]> {
  const ours = await startOurs()
  try {
    const headers = {
      'accept-language': 'ko',
      'sec-fetch-site': 'none',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    const { page } = await alternately({ page: { url: `${ours.url}/signin`, seconds, connections, headers } })
    return [
      {
        what: 'GET /signin, the whole page: server time',
        unit: ' ms',
        ours: 1000 / page.perSecond, // one process answers one at a time
        beside: 'the goal',
        theirs: goalMilliseconds,
        goal: 1,
        lowerIsBetter: true,
        errors: page.errors,
      },
    ]
  } finally {
    await ours.stop()
  }
}
