import { type Brand, brandDocument, brandFaults } from '../../domain/brand.ts'
import { Problem } from '../../domain/problem.ts'
import { schemaCheck } from '../../domain/schema-check.ts'

const isBrand = schemaCheck(brandDocument)

/** Refuses colours with too little contrast, and what is no brand. Throws `invalid_fields`. */
export function refuseUnreadable(brand: Brand | null): void {
  if (!brand) return
  const faults = isBrand(brand) ? brandFaults(brand) : ['brand: is not a brand (docs/pages.md)']
  if (faults.length > 0) throw new Problem('invalid_fields', { detail: faults.join('; ') })
}
