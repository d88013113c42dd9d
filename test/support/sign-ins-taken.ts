import type { Client } from './client.ts'

/** How many sign-ins have reached the hash queue, or have left it again. */
export async function signInsTaken(app: Client): Promise<number> {
  const { body } = await app.get('/metrics')
  const values = [
    ...String(body).matchAll(/^sumun_(?:hash_queue_(?:waiting|running)|sign_ins_total\{[^}]*\}) (\d+)$/gm),
  ]
  return values.reduce((sum, [, value]) => sum + Number(value), 0)
}
