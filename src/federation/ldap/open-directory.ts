import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Client } from 'ldapts'
import { UpstreamFault } from '../../domain/connection.ts'
import { publicLookup, refuseInternal } from '../public-address.ts'
import type { LdapSettings } from './ldap-settings.ts'
import { messageStream } from './message-stream.ts'

const connectMilliseconds = 3_000
const operationMilliseconds = 5_000
/** All that is done by one connection. */
const wholeMilliseconds = 12_000
const startTls = '1.3.6.1.4.1.1466.20037' // RFC 4511 §4.14
const usualPorts = { 'ldaps:': 636, 'ldap:': 389 }

export type Network = 'public' | 'any'

/**
 * Gives `work` a connection that TLS protects, to the first server that takes one, and closes it. Throws
 * UpstreamFault.
 */
export async function withDirectory<Result>(
  { urls, ca }: Pick<LdapSettings, 'urls' | 'ca'>,
  network: Network,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const socket = await firstOf(urls, (url) => openSocket(url, { ca, network }))
  const deadline = setTimeout(() => socket.destroy(new Error('it takes too long')), wholeMilliseconds)
  const client = await clientOver(socket)
  try {
    return await work(client)
  } catch (error) {
    throw asFault(error)
  } finally {
    clearTimeout(deadline)
    await client.unbind().catch(() => undefined)
    socket.destroy()
  }
}

/** What the library, the network and TLS throw. */
export const asFault = (error: unknown): UpstreamFault =>
  error instanceof UpstreamFault
    ? error
    : new UpstreamFault('unavailable', (error as Error).message, { cause: error })

async function firstOf(urls: readonly string[], open: (url: string) => Promise<Socket>): Promise<Socket> {
  const faults: string[] = []
  for (const url of urls) {
    try {
      return await open(url)
    } catch (error) {
      faults.push(`${url}: ${(error as Error).message}`)
    }
  }
  throw new UpstreamFault('unavailable', faults.join('; '))
}

async function openSocket(
  url: string,
  { ca, network }: { ca: string | undefined; network: Network },
): Promise<Socket> {
  // Only of a web URL are all spellings of an address read.
  const webUrl = url.replace(/^ldaps?/, 'http')
  const { hostname } = new URL(webUrl)
  const { protocol, port } = new URL(url)
  if (network === 'public') refuseInternal(webUrl)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const raw = connect({
    ...{ host, port: Number(port) || usualPorts[protocol as keyof typeof usualPorts] },
    ...(network === 'public' && { lookup: publicLookup }),
  })
  await opened(raw, 'connect')
  if (protocol === 'ldap:') await requestTls(raw)
  // With a socket of ours, the name in the certificate is compared only if it is given here.
  const named = isIP(host) === 0 ? { servername: host } : {}
  const secure = connectTls({ socket: raw, host, ...named, ...(ca !== undefined && { ca }) })
  await opened(secure, 'secureConnect').catch((error) => {
    raw.destroy()
    throw error
  })
  return secure
}

async function opened(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  try {
    await once(socket, event, { signal: AbortSignal.timeout(connectMilliseconds) })
    socket.on('error', () => undefined)
  } catch (error) {
    socket.on('error', () => undefined).destroy()
    throw (error as Error).name === 'AbortError' ? new Error('no answer') : error
  }
}

/**
 * By a client of its own: what an attacker put behind the reply in clear is left with that client, and never
 * read as part of the protected conversation.
 */
async function requestTls(raw: Socket): Promise<void> {
  const client = await clientOver(raw)
  await client.exop(startTls).catch((error) => {
    raw.destroy()
    throw error
  })
  raw.removeAllListeners('data')
}

/** It never connects by itself, which would be without TLS. */
async function clientOver(socket: Socket): Promise<Client> {
  const { Client } = await import('ldapts')
  let stream: ReturnType<typeof messageStream> | undefined = messageStream(socket)
  const createConnection = () => {
    const given = stream
    stream = undefined
    if (!given) throw new Error('the connection was lost')
    return given as Socket
  }
  return new Client({
    ...{ url: 'ldap://directory', timeout: operationMilliseconds, connectTimeout: connectMilliseconds },
    createConnection: createConnection as never,
  })
}
