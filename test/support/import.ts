import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { StoreEngine } from './engines.ts'
import { server } from './fixture.ts'
import { temporaryFolder } from './folder.ts'
import { sumun } from './sumun.ts'

/** The password behind `bcrypt`. */
export const importedPassword = 'copper lantern under the pier'
export const bcrypt = '$2b$04$qOQDyOa.KGOivAWsMQUPqO.Rba8YLj/VoZP/fmXDrZJPth7GMHhka'
export const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

/** A server, and the command line beside it. */
export async function importingServer(
  t: TestContext,
  engine: StoreEngine,
  settings: Record<string, string> = {},
) {
  const app = await server(t, { engine, settings })
  const environment = { ...app.environment, ...settings }
  const folder = temporaryFolder()
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  return {
    ...{ app, folder, write },
    run: (...words: string[]) => sumun(['import', ...words, '--json'], { environment }),
    cli: (...words: string[]) => sumun([...words, '--json'], { environment }),
    signIn: (username: string, given = importedPassword, code?: string) =>
      app.post('/login', { json: { username, password: given, ...(code && { code }) } }),
  }
}
