/** RFC 7644 §3.12, table 9. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'

/** What a SCIM client is told (RFC 7644 §3.12). */
export class ScimFault extends Error {
  readonly status: number
  readonly scimType: ScimType | null
  constructor(status: number, scimType: ScimType | null, detail: string) {
    super(detail)
    this.status = status
    this.scimType = scimType
  }
}

export const invalidValue = (detail: string): ScimFault => new ScimFault(400, 'invalidValue', detail)
