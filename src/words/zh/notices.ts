import type { NoticeWords } from '../language.ts'

export const notices: NoticeWords = {
  new_device: {
    subject: '您的账号有新的登录',
    text: '您的账号在之前未使用过的设备上登录（{method}）。',
  },
  credential_added: { subject: '添加了新的登录方式', text: '您的账号添加了新的登录方式：{method}。' },
  credential_changed: { subject: '您的登录方式已更改', text: '您账号的以下内容已更改：{method}。' },
  credential_removed: { subject: '移除了登录方式', text: '您的账号移除了以下内容：{method}。' },
  credential_disabled: {
    subject: '登录方式已停用',
    text: '由于多次输入错误，以下方式已停用：{method}。请用其他方式登录以重新启用。',
  },
  suspected_copy: {
    subject: '登录被拒绝：密钥可能被复制',
    text: '使用{method}的登录被拒绝，因为该密钥似乎有两份。请将其移除并重新设置。',
  },
  recovered: { subject: '您的账号已恢复', text: '您的账号已通过{method}恢复。所有其他设备均已退出登录。' },
  identifier_changed: {
    subject: '您的地址已更改',
    text: '您账号的地址已更改，此地址不再属于该账号。如果不是您本人操作，请在 72 小时内撤消更改。',
  },
  identifier_added: { subject: '此地址现已属于您的账号', text: '此地址已添加到您的账号。' },
  identifier_restored: {
    subject: '地址更改已撤消',
    text: '您之前的地址重新属于您的账号。所有设备均已退出登录。',
  },
  saved_code_used: {
    subject: '使用了一个恢复码',
    text: '您保存的一个代码（{method}）被用于登录您的账号。每个代码只能使用一次；如果所剩不多，请生成新的一组。',
  },
  account_deleted: { subject: '您的账号已删除', text: '您的账号及其所有内容已永久删除。' },
  sign_up_tried: {
    subject: '有人试图用您的地址注册',
    text: '您已有使用此地址的账号。如果是您本人操作，请直接登录，或在登录页面恢复账号。没有任何更改。',
  },
  refresh_reused: {
    subject: '一台设备已退出登录：其密钥被使用了两次',
    text: '用于保持设备或应用登录的密钥被第二次使用，因此可能已被复制。持有该密钥的设备或应用已退出登录。',
  },
  details: '时间：{time} · IP 地址：{source} · 设备：{agent}',
  advice: '如果是您本人操作，则无需处理。如果不是，请登录并移除您不认识的内容，并让其他设备退出登录。',
  contact: '如果不是您本人操作，请联系本网站的管理员。',
  undo: '撤消更改',
  signIn: '登录',
}
