import { BlockList, isIPv6 } from 'node:net'

/** Addresses that are not public (IANA special-purpose registries, RFC 6890), and those that embed one. */
const ipv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
const ipv6 = [
  '::/96', // also IPv4-compatible addresses
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]

const list = new BlockList()
for (const [family, ranges] of [
  ['ipv4', ipv4],
  ['ipv6', ipv6],
] as const)
  for (const range of ranges) {
    const [network = '', bits] = range.split('/')
    list.addSubnet(network, Number(bits), family)
  }

/** `address`: IPv4 or IPv6, without brackets. An IPv4-mapped address counts as IPv4. */
export const isSpecialUse = (address: string): boolean =>
  list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
