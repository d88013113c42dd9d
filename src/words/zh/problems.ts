import type { ProblemWords } from '../language.ts'

/** Titles of problem documents, and what to do. */
export const problems: ProblemWords = {
  malformed_request: {
    title: '无法读取请求',
    detail: '请求格式不正确。请检查其语法、编码和标头。',
  },
  invalid_fields: {
    title: '部分字段无效',
    detail: '部分字段无效。`errors` 列出了每一项；请更正后重新发送。',
  },
  incorrect_credentials: {
    title: '用户名或密码不正确',
    detail: '用户名或密码不正确。',
  },
  answer_refused: {
    title: '回答不正确',
    detail: '回答不正确。请检查后重试。',
  },
  challenge_not_open: {
    title: '质询已结束',
    detail: '该质询未知、已过期或已被回答。请重新开始。',
  },
  unsupported_grant_type: {
    title: '不支持的授权类型',
    detail: '此处仅接受 password 授权。其他授权请使用 OpenID 提供方的令牌端点。',
  },
  invalid_refresh_token: {
    title: '刷新令牌无效',
    detail: '刷新令牌未知、已过期、已撤销或已使用。请重新登录。',
  },
  not_authenticated: {
    title: '未通过身份验证',
    detail: '未通过身份验证。',
  },
  invalid_token: {
    title: '身份验证凭据无效',
    detail: '身份验证凭据无效。',
  },
  insufficient_user_authentication: {
    title: '需要更近或更强的登录',
    detail: '会话的验证不足以执行此操作，或时间过久。请进行额外验证后重新发送请求。',
  },
  account_disabled: {
    title: '账号已停用',
    detail: '管理员已停用此账号。请联系本网站。',
  },
  more_evidence_required: {
    title: '需要更多验证',
    detail: '一种验证不够。请使用此处所列的方式之一继续该登录尝试。',
  },
  sign_up_closed: {
    title: '注册已关闭',
    detail: '新账号只能由管理员创建。',
  },
  invitation_required: {
    title: '需要邀请',
    detail: '创建新账号需要有效的邀请。请重新打开邀请链接，或申请新的邀请。',
  },
  insufficient_scope: {
    title: '权限范围不足',
    detail: '令牌缺少所需的权限范围。请申请包含 `scope` 中所列范围的令牌。',
  },
  cross_site_request: {
    title: '跨站请求',
    detail: '请求来自其他网站的页面。请在本网站打开页面并从那里发送。',
  },
  precondition_failed: {
    title: '读取后已被更改',
    detail: '您读取之后，资源已被更改。请重新读取，然后用新的 ETag 进行更改。',
  },
  last_way_in: {
    title: '无法移除最后的登录方式',
    detail: '这是最后一种登录方式：移除后将无法登录该账号。请先设置其他方式。',
  },
  not_found: {
    title: '未找到',
    detail: '此地址没有内容，或您无权查看。',
  },
  method_not_allowed: {
    title: '不允许的方法',
    detail: '此路径不支持该方法。`Allow` 标头列出了支持的方法。',
  },
  identifier_taken: {
    title: '标识符已被使用',
    detail: '其他账号正在使用此电子邮件地址、用户名或手机号码。请选择其他的。',
  },
  account_exists: {
    title: '已有账号使用此地址',
    detail: '已有账号使用此电子邮件地址。请用其他方式登录该账号，然后关联该身份。',
  },
  conflict: {
    title: '同时发生了更改',
    detail: '另一请求同时更改了此内容。请重新读取并再次更改。',
  },
  last_operator: {
    title: '无法移除最后一位管理员',
    detail: '这是最后一位管理员，而服务器需要一位管理员。请先将其他账号设为管理员。',
  },
  last_admin: {
    title: '无法移除最后一位组织管理员',
    detail: '这是组织的最后一位管理员。请先将其他成员设为管理员。',
  },
  domain_not_proved: {
    title: '域名未通过验证',
    detail: '未找到该域名的 TXT 记录。请添加记录，稍后再试。',
  },
  invitation_of_another: {
    title: '邀请发给了其他邮箱',
    detail: '该邀请发给了此账号未验证的邮箱。请验证该邮箱，或登录拥有该邮箱的账号。',
  },
  admin_role_required: {
    title: '只有组织管理员可以执行此操作',
    detail: '此账号是组织成员，但不是管理员。请联系组织管理员。',
  },
  not_tried: {
    title: '尚未试用',
    detail: '请先通过此连接登录一次，确认可以使用。',
  },
  attempt_over: {
    title: '登录尝试已结束',
    detail: '该登录尝试已结束或已过期。请重新开始。',
  },
  body_too_large: {
    title: '请求正文过大',
    detail: '请求正文超过此处允许的大小。',
  },
  unsupported_media_type: {
    title: '不支持的内容类型',
    detail: '此处不接受该正文的内容类型或编码。请发送未压缩的 JSON。',
  },
  weak_password: {
    title: '密码太弱',
    detail: '密码太容易被猜到。`errors` 说明了原因；请选择其他密码。',
  },
  enrolment_refused: {
    title: '无法设置',
    detail: '所发送的内容与质询不符，或此处不接受。请重新开始。',
  },
  too_many_attempts: {
    title: '尝试次数过多',
    detail: '尝试次数过多。请按 `Retry-After` 所示的时间等待。',
  },
  header_too_large: {
    title: '标头过大',
    detail: '请求标头超过此处允许的大小。',
  },
  unknown_transfer_coding: {
    title: '未知的传输编码',
    detail: '此处仅支持 `chunked` 传输编码。',
  },
  internal_error: {
    title: '内部错误',
    detail: '服务器发生错误。其日志中有一行包含此 request_id。',
  },
  database_unavailable: {
    title: '无法连接数据库',
    detail: '据目前所知没有任何更改。请稍后重试。',
  },
  upstream_unavailable: {
    title: '身份提供方没有响应',
    detail: '无法连接此连接的提供方。请重试，或使用其他方式。',
  },
  busy: {
    title: '服务器繁忙',
    detail: '服务器已达到上限。请稍后重试。',
  },
  not_ready: {
    title: '服务器未就绪',
    detail: '服务器正在启动或停止。请稍后重试。',
  },
  request_timeout: {
    title: '请求超时',
    detail: '请求未能及时到达。请重新发送。',
  },
}
