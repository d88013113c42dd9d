import type { IdentifierWords } from '../language.ts'

export const identifiers: IdentifierWords = {
  kinds: { email: '电子邮件地址', username: '用户名', phone: '手机号码' },
  faults: {
    malformed: (kind) => `${kind}格式不正确。`,
    too_long: (kind) => `${kind}过长。`,
    forbidden_character: (kind) => `${kind}包含不允许的字符。`,
    needs_a_letter: (kind) => `${kind}至少需要一个字母。`,
    country_unknown: (kind) => `请输入带国家/地区代码的${kind}，例如 +86。`,
    taken: (kind) => `此${kind}已被使用。`,
    one_required: () => '请至少提供电子邮件地址、用户名和手机号码中的一项。',
  },
}
