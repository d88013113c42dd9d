const loopback = /^(localhost|(::ffff:)?127(\.\d{1,3}){3}|::1)$/i

/**
 * Whether a host or an address, with or without the brackets of a URL, is this machine itself (RFC 6761 §6.3,
 * RFC 5735 §3, RFC 4291 §2.5.3).
 */
export const isLoopback = (host: string): boolean => loopback.test(host.replace(/^\[(.*)\]$/, '$1'))

const urlHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Whether a URL is plain http to this machine, by one of the three names that RFC 8252 §7.3 and §8.3 know.
 */
export const isLoopbackUrl = ({ protocol, hostname }: Pick<URL, 'protocol' | 'hostname'>): boolean =>
  protocol === 'http:' && urlHosts.has(hostname)
