import { execFileSync } from 'node:child_process'

// `npm ci` builds; an installation without the tools for it, such as `npm ci --omit=dev`, runs from the
// sources.
const canBuild = await import('esbuild').then(
  () => true,
  () => false,
)
if (canBuild) execFileSync(process.execPath, ['tools/build.ts'], { stdio: 'inherit' })
