/** One page of a list: what comes after the cursor. */
export interface Page<Cursor> {
  after: Cursor | null
  limit: number
}
