import { writeFileSync } from 'node:fs'
import { generatedDocs } from './generated-docs.ts'

/**
 * `npm run docs`: writes the generated pages; `npm run check` fails where they are not as this would write
 * them.
 */
for (const [path, text] of Object.entries(generatedDocs('.'))) writeFileSync(path, text)
