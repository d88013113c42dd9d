import { createSocket } from 'node:dgram'
import type { TestContext } from 'node:test'
import packet from 'dns-packet'

export interface DnsServer {
  /** For SUMUN_DNS_SERVERS. */
  address: string
  /** What its zone says, by name; tests change it. */
  records: Map<string, string[]>
  /** Answers SERVFAIL to everything. */
  fails: boolean
}

/** A real name server on a free port of loopback, with TXT records only. */
export async function dnsServer(t: TestContext): Promise<DnsServer> {
  const socket = createSocket('udp4')
  const server: DnsServer = { address: '', records: new Map(), fails: false }
  socket.on('message', (message, { address, port }) => {
    const { id, questions = [] } = packet.decode(message)
    const [question] = questions
    if (!question) return
    const texts = server.records.get(question.name.toLowerCase())
    const code = server.fails ? 2 : texts ? 0 : 3 // SERVFAIL, NOERROR, NXDOMAIN (RFC 1035 §4.1.1)
    const answers = (code === 0 && question.type === 'TXT' ? (texts ?? []) : []).map((data) => ({
      ...({ type: 'TXT', name: question.name, ttl: 60, data } as const),
    }))
    const flags = packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | code
    socket.send(packet.encode({ type: 'response', id: id ?? 0, flags, questions, answers }), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  t.after(() => socket.close())
  server.address = `127.0.0.1:${socket.address().port}`
  return server
}
