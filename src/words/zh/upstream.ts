import type { PageWords } from '../language.ts'

export const upstream: PageWords['upstream'] = {
  with: '使用 {name} 继续',
  more: '更多方式',
  recent: '最近使用',
  going: '正在前往 {name}…',
  signingOut: '正在从 {name} 退出登录…',
  returning: '正在登录…',
  over: '此次登录已超时，或是在其他浏览器中发起的。请重新开始。',
  failed: '您尚未登录',
  again: '返回登录',
  back: '返回我的账号',
  closed: '此处没有关联 {name} 的账号，也无法以此方式创建新账号。请用其他方式登录，然后在账号中关联 {name}。',
  existsTitle: '您已有账号',
  exists: '已有使用 {address} 的账号。请验证该账号属于您，然后将关联 {name}。',
  linkTitle: '关联 {name}？',
  linkText: '之后您可以使用 {name} 登录 {account}。',
  link: '关联',
  notNow: '以后再说',
  add: '关联 {name}',
}
