import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls'
import { makeAuthority } from '../support/authority.ts'
import { server } from '../support/fixture.ts'
import { connectLdap, signInLdap } from '../support/ldap.ts'
import { baseDn } from '../support/slapd.ts'

// A directory that an attacker has taken over, or that someone stands before.

/** A message with an id and an operation (RFC 4511 §4.1.1), in lengths of four octets. */
const tagged = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(content.length)
  return Buffer.concat([Buffer.from([tag, 0x84]), length, content])
}
const number = (value: number, tag = 0x02) => Buffer.from([tag, 1, value])
const message = (id: number, tag: number, ...parts: Buffer[]) =>
  tagged(0x30, number(id), tagged(tag, ...parts))
const octets = (text: string | Buffer, tag = 0x04) => tagged(tag, Buffer.from(text as string))
const result = (id: number, tag: number, code: number, ...more: Buffer[]) =>
  message(id, tag, number(code, 0x0a), octets(''), octets(''), ...more)
const [bindTag, entryTag, doneTag, referenceTag, extendedTag] = [0x61, 0x64, 0x65, 0x73, 0x78]

/** The id and the operation of each message of a packet. */
const asked = (packet: Buffer): { id: number; tag: number } => {
  const start = packet[1] === 0x84 ? 6 : packet[1] === 0x82 ? 4 : packet[1] === 0x81 ? 3 : 2
  return { id: packet[start + 2] as number, tag: packet[start + 3] as number }
}
const bindRequest = 0x60

type Answer = (socket: Socket, message: { id: number; tag: number }) => void

async function hostile(t: TestContext, answer: Answer, greeting?: string) {
  const authority = await makeAuthority('Corp')
  const { certificate, key } = await authority.issue({ type: 'ip', value: '127.0.0.1' })
  const serve = (socket: Socket) => {
    socket.on('error', () => undefined)
    if (greeting !== undefined) socket.write(greeting)
    socket.on('data', (packet) => answer(socket, asked(packet)))
  }
  const tls = createTlsServer({ cert: certificate, key }, serve)
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve))
  t.after(() => tls.close())
  const { port } = tls.address() as { port: number }
  return { ca: authority.pem, url: `ldaps://127.0.0.1:${port}`, cert: certificate, key, serve }
}

const entry = (id: number, dn: string, size = 1) =>
  message(
    id,
    entryTag,
    octets(dn),
    tagged(0x30, tagged(0x30, octets('entryUUID'), tagged(0x31, octets('k'.repeat(size))))),
  )

const accept: Answer = (socket, { id }) => socket.write(result(id, bindTag, 0))
const afterBind =
  (then: Answer): Answer =>
  (socket, message) =>
    message.tag === bindRequest ? accept(socket, message) : then(socket, message)

/** What is said before anything was asked. */
const greetings: Record<string, string> = {
  'speaks first': 'SSH-2.0-x\r\n',
  'speaks first, LDAP': '0\u0003\u0002\u0001\u0001',
}

const answers: Record<string, Answer> = {
  ...Object.fromEntries(Object.keys(greetings).map((name): [string, Answer] => [name, () => undefined])),
  'says nothing': () => undefined,
  'answers in halves': (socket, { id }) => socket.write(result(id, bindTag, 0).subarray(0, 9)),
  'speaks HTTP': (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'announces 4 GB': (socket) => socket.write(Buffer.from('3084fffffff0', 'hex')),
  'uses an endless length': (socket) => socket.write(Buffer.from('3080020101', 'hex')),
  'closes at once': (socket) => socket.end(),
  'breaks off': (socket) => socket.destroy(),
  'sends an entry of 10 MB': afterBind((socket, { id }) => socket.write(entry(id, 'cn=x', 10_000_000))),
  'sends 100 000 messages in one packet': (socket) =>
    socket.write(Buffer.concat(Array.from({ length: 100_000 }, () => Buffer.from('3003020101', 'hex')))),
  'nests without end': (socket) =>
    socket.write(
      tagged(0x30, number(2), Buffer.concat(Array.from({ length: 50_000 }, () => Buffer.from([0x61, 0x80])))),
    ),
  'names another operation': (socket, { id }) => socket.write(message(id, 0x7f, number(0))),
  'finds an entry without a name': afterBind((socket, { id, tag }) => {
    if (tag !== bindRequest) socket.write(Buffer.concat([entry(id, ''), result(id, doneTag, 0)]))
  }),
}

test('a hostile directory signs no one in, and does the server no harm', { timeout: 120_000 }, async (t) => {
  const app = await server(t)
  let referred = 0
  const elsewhere = createServer((socket) => {
    referred++
    socket.destroy()
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  t.after(() => elsewhere.close())
  const url = `ldap://127.0.0.1:${(elsewhere.address() as { port: number }).port}/${baseDn}`
  const all: Record<string, Answer> = {
    ...answers,
    'refers a bind': (socket, { id }) => socket.write(result(id, bindTag, 10, tagged(0xa3, octets(url)))),
    'refers a search': afterBind((socket, { id }) =>
      socket.write(Buffer.concat([message(id, referenceTag, octets(url)), result(id, doneTag, 0)])),
    ),
  }
  const slugOf = (name: string) =>
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 32)
      .replace(/-$/, '')
  const tried = Object.entries(all).map(async ([name, answer]) => {
    const { ca, url: ldaps } = await hostile(t, answer, greetings[name])
    const directory = { ca, ldaps, ldap: '', serviceDn: `cn=svc,${baseDn}`, servicePassword: 'secret' }
    // Without a service account nothing is sent before the search.
    const anonymous = name in greetings ? { serviceDn: '', servicePassword: '' } : {}
    await connectLdap(app, { ...directory, ...anonymous } as never, { slug: slugOf(name), preset: 'ldap' })
    const typed = { username: `u-${slugOf(name)}`, password: 'pw', connection: slugOf(name) }
    const { status, body } = await signInLdap(app, typed)
    assert.ok([400, 503].includes(status), `${name}: ${status} ${JSON.stringify(body)}`)
    assert.match(body.code, /^(answer_refused|upstream_unavailable)$/, name)
  })
  await Promise.all(tried)
  assert.equal(referred, 0)
  assert.equal((await app.get('/healthz')).status, 200)
})

test('what is put into the conversation before StartTLS is never read as part of it', async (t) => {
  const app = await server(t)
  const inner = await hostile(t, (socket, { id, tag }) =>
    // The true directory, which refuses each bind.
    socket.write(tag === bindRequest ? result(id, bindTag, 49) : result(id, doneTag, 0)),
  )
  const context = createSecureContext({ cert: inner.cert, key: inner.key })
  const between = createServer((raw) => {
    raw.on('error', () => undefined)
    raw.once('data', (packet) => {
      const { id } = asked(packet)
      // Behind the reply stands what would make the answer to a later bind the text of a successful one.
      const forged = [2, 3, 4, 5, 6].flatMap((next) => [result(next, bindTag, 0)])
      const start = Buffer.from('30840000006f0201036184000000660a010004000484', 'hex')
      raw.write(Buffer.concat([result(id, extendedTag, 0), ...forged, start]))
      inner.serve(new TLSSocket(raw, { isServer: true, secureContext: context }))
    })
  })
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve))
  t.after(() => between.close())
  const ldap = `ldap://127.0.0.1:${(between.address() as { port: number }).port}`
  const directory = { ca: inner.ca, ldaps: ldap, serviceDn: '', servicePassword: '' }
  const settings = { user_dn: `uid={username},${baseDn}` }
  await connectLdap(app, directory as never, { preset: 'ldap', settings })
  const { status, body } = await signInLdap(app, { username: 'kim', password: 'pw' })
  assert.equal(status, 400, JSON.stringify(body))
  assert.equal(body.code, 'answer_refused')
})
