const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const

/** On every reply under /oauth, from the library or from us. */
export const replyHeaders = (issuer: string, requestId: string): Record<string, string> => ({
  ...always,
  ...(issuer.startsWith('https:') && { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }),
  'x-request-id': requestId,
})
