import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const linesMax = 300
const columnsMax = 110 // of code, the formatter sees to it
/** Standard terms exist for them: an anonymous user, no account, all users, the caller. */
const vagueWords = /\b(nobody|somebody|whoever|anybody|everybody)\b/i
const isComment = /^\s*(\/\/|\/\*\*|\*)|\s\/\/ /
const medianLinesMax = 100

/** The folders of `src/methods` are the ids that must not stand outside them. */
const methodIds = (root: string): string[] =>
  globSync('src/methods/*/index.ts', { cwd: root }).map((path) => path.split('/')[2] as string)

/**
 * `/login` is one method's by contract, and so are the commands that speak of passwords; a log hides fields
 * by their names, HTML has an input of that type, and OpenAPI a scheme.
 */
const namesByContract = new Set([
  'src/log.ts',
  'src/http/server/openapi.ts',
  'src/pages/fields.ts',
  'src/pages/scripts/enhance.ts',
  'src/http/routes/sign-in/login.ts',
  'src/cli/commands/user-add.ts',
  'src/cli/commands/user-change.ts',
])

interface Ban {
  pattern: RegExp
  allowed: readonly RegExp[]
  because: string
}

const bans: readonly Ban[] = [
  {
    pattern: /\bDate\.now\b|\bnew Date\(\)/,
    allowed: [/^src\/domain\/clock\.ts$/],
    because: 'time comes in through a Clock',
  },
  { pattern: /\bMath\.random\b/, allowed: [], because: 'randomness comes in through a Random' },
  { pattern: /\bprocess\.env\b/, allowed: [/^src\/main\.ts$/], because: 'settings are read in one place' },
  {
    pattern: /\bfetch\(/,
    allowed: [
      /^src\/delivery\/sms\.ts$/,
      /^src\/delivery\/audit-anchor\.ts$/,
      /^src\/provider\/guarded-fetch\.ts$/,
      /^src\/pages\/scripts\/(ask-browser|show-strength|try-it)\.ts$/,
      /^src\/pages\/docs\/examples\.ts$/, // as text
    ],
    because:
      'nothing here calls out, but for text messages to the gateway that was set up, and to addresses that clients named, behind a guard',
  },
  {
    pattern: /\btimingSafeEqual\b/,
    allowed: [/^src\/crypto\/equal\.ts$/],
    because: 'secrets are compared in one place',
  },
  {
    pattern: /\.reveal\(\)/,
    allowed: [
      /^src\/domain\/secret\.ts$/,
      /^src\/server\.ts$/,
      /^src\/cli\//,
      /^src\/engine\/tickets\/ticket-link\.ts$/,
      /^src\/http\/routes\/admin\/clients\.ts$/,
    ],
    because: 'a secret is given out in few places',
  },
]

const sources = (root: string): string[] =>
  globSync('src/**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts'))
const read = (root: string, path: string): string => readFileSync(join(root, path), 'utf8')
const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, (comment) => comment.replaceAll(/[^\n]/g, ' '))

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}

/** Each takes the root of a tree, and gives one line a fault. */
export const houseRules: Readonly<Record<string, (root: string) => string[]>> = {
  'no method is known by name outside its folder': (root) =>
    sources(root)
      .filter((path) => !namesByContract.has(path))
      .filter((path) => !path.startsWith('src/federation/')) // a kind of connection has the id of its method
      .filter((path) => !path.startsWith('src/moving/')) // other systems' names for their own
      .filter((path) => !/^src\/words\/\w+\/methods\.ts$/.test(path)) // translations are named by it
      .flatMap((path) =>
        methodIds(root)
          .filter((id) => !path.startsWith(`src/methods/${id}/`) && path !== 'src/methods/index.ts')
          .flatMap((id) => {
            const text = withoutComments(read(root, path))
            const at = text.search(new RegExp(`(['"\`])${id}\\1`))
            return at < 0 ? [] : [`${path}:${lineOf(text, at)} names the method ${id}`]
          }),
      ),

  'time, randomness and settings come in': (root) =>
    sources(root).flatMap((path) =>
      bans.flatMap(({ pattern, allowed, because }) => {
        if (allowed.some((place) => place.test(path))) return []
        const text = withoutComments(read(root, path))
        const at = text.search(pattern)
        return at < 0 ? [] : [`${path}:${lineOf(text, at)} ${pattern.source}: ${because}`]
      }),
    ),

  'comments are narrow, and in standard terms': (root) =>
    sources(root).flatMap((path) =>
      read(root, path)
        .split('\n')
        .flatMap((line, index) => {
          if (!isComment.test(line) || line.includes('biome-ignore')) return []
          const vague = vagueWords.exec(line.slice(line.search(/\/\/|\*/)))?.[0]
          return [
            ...([...line].length > columnsMax
              ? [`${path}:${index + 1} is wider than ${columnsMax} columns`]
              : []),
            ...(vague ? [`${path}:${index + 1} says “${vague}”`] : []),
          ]
        }),
    ),

  'files are short': (root) => {
    const lengths = sources(root).map((path) => ({ path, lines: read(root, path).split('\n').length }))
    const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b)
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0
    const long = lengths
      .filter(({ lines }) => lines > linesMax)
      .map(({ path, lines }) => `${path} has ${lines} lines; ${linesMax} are plenty`)
    return median > medianLinesMax ? [`half of the files have more than ${median} lines`, ...long] : long
  },
}
