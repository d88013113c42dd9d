import type { ImportRecord, ImportSource } from '../domain/import-source.ts'
import {
  addressAndUsername,
  flag,
  fullName,
  has,
  imported,
  list,
  password,
  record,
  text,
  time,
  warnedIf,
} from './fields.ts'

const groupModel = 'auth.group'

/**
 * `dumpdata` in JSON, rows of `auth_user` (or of a user model of its own) in CSV, and `COPY` of PostgreSQL.
 */
export const django: ImportSource = {
  id: 'django',
  name: 'Django',
  formats: ['json', 'csv', 'copy'],
  recognises: (row) =>
    has(row, 'model', 'fields') ||
    (has(row, 'password', 'is_active') && (has(row, 'date_joined') || has(row, 'is_superuser'))),
  map(row) {
    if (has(row, 'model', 'fields')) {
      const fields = record(row.fields)
      // A user model has a password; groups, permissions and everything else pass by.
      if (row.model === groupModel || !has(fields, 'password')) return undefined
      return userOf({ ...fields, id: row.pk })
    }
    return has(row, 'password', 'is_active') ? userOf(row) : undefined
  },
}

function userOf(user: ImportRecord) {
  const hash = text(user.password)
  const isUsable = hash !== null && !hash.startsWith('!')
  return imported({
    sourceId: text(user.id),
    // Django keeps no word on whether an address is verified.
    identifiers: addressAndUsername({ email: text(user.email), username: text(user.username) }),
    name: fullName(user.first_name, user.last_name) ?? text(user.name),
    isDisabled: !flag(user.is_active),
    createdAt: time(user.date_joined),
    credentials: isUsable ? password(hash) : [],
    groups: list(user.groups).flatMap((group) => text(list(group)[0]) ?? []),
    warnings: warnedIf(flag(user.is_superuser) || flag(user.is_staff), 'was_administrator'),
  })
}
