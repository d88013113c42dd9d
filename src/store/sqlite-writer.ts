import { parentPort, workerData } from 'node:worker_threads'
import { createWriter } from './sqlite.ts'
import type { Answer, Order } from './sqlite-apart.ts'

// The thread of sqlite-apart.ts.

const { connection, runner } = createWriter(String(workerData))

function carryOut(order: Order): unknown {
  switch (order.do) {
    case 'script':
      return connection.exec(order.text)
    case 'insert':
      return runner.insertFlat(order)
    case 'close':
      return connection.close()
    default:
      return runner[order.do](order.statement, order.values)
  }
}

parentPort?.on('message', (order: Order) => {
  let answer: Answer
  try {
    answer = { result: carryOut(order) }
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string }
    answer = { fault: { name, message, code: code ?? null } }
  }
  parentPort?.postMessage(answer)
})
