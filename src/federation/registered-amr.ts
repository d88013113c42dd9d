/** Authentication methods registered by RFC 8176 §2; anything else a provider says means nothing here. */
export const registeredAmr: readonly string[] =
  'face fpt geo hwk iris kba mca mfa otp pin pop pwd rba retina sc sms swk tel user vbm wia'.split(' ')
