import type { ImportSource } from '../domain/import-source.ts'
import {
  fullName,
  has,
  identifier,
  imported,
  list,
  md5OfHex,
  password,
  record,
  text,
  time,
  warnedIf,
} from './fields.ts'

const plainMd5 = /^[0-9a-f]{32}$/i
/** Serialised by PHP: `a:1:{s:13:"administrator";b:1;}`. */
const granted = /s:\d+:"([a-z0-9_-]+)";b:1;/gi

/** Rows of `wp_users` in CSV or JSON, with `meta` where it was exported too. Its sessions are left out. */
export const wordpress: ImportSource = {
  id: 'wordpress',
  name: 'WordPress',
  formats: ['csv', 'json'],
  recognises: (user) => has(user, 'user_login', 'user_pass'),
  map(user) {
    const meta = new Map(
      list(user.meta).map((one) => [text(record(one).meta_key), text(record(one).meta_value)]),
    )
    const capabilities = [...meta].find(([key]) => key?.endsWith('capabilities'))?.[1] ?? ''
    const roles = [...capabilities.matchAll(granted)].map(([, role = '']) => role)
    const [login, email, hash] = [text(user.user_login), text(user.user_email), text(user.user_pass)]
    return imported({
      sourceId: text(user.ID),
      identifiers: [
        ...identifier('email', email),
        ...(login !== null && login.toLowerCase() === email?.toLowerCase()
          ? []
          : identifier('username', login)),
      ],
      name: fullName(meta.get('first_name'), meta.get('last_name')) ?? text(user.display_name),
      locale: meta.get('locale') ?? null,
      isDisabled: (text(user.user_status) ?? '0') !== '0',
      createdAt: time(user.user_registered),
      credentials: password(hash !== null && plainMd5.test(hash) ? md5OfHex(hash) : hash),
      groups: roles,
      warnings: warnedIf(roles.includes('administrator'), 'was_administrator'),
    })
  },
}
