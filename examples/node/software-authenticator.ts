import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'

export interface Flags {
  userPresent?: boolean
  userVerified?: boolean
  backupEligible?: boolean
  backedUp?: boolean
}

export interface Ceremony extends Flags {
  origin?: string
  rpId?: string
  type?: string
  counter?: number
  userHandle?: string | null
  /** Further members of the client data. */
  clientData?: Record<string, unknown>
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const sha256 = (value: string | Uint8Array): Buffer => createHash('sha256').update(value).digest()

/** As much of CBOR (RFC 8949) as WebAuthn writes. */
function cbor(value: unknown): Buffer {
  const head = (major: number, count: number): Buffer => {
    if (count < 24) return Buffer.from([(major << 5) | count])
    if (count < 256) return Buffer.from([(major << 5) | 24, count])
    return Buffer.from([(major << 5) | 25, count >> 8, count & 255])
  }
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  const entries = [...(value as Map<unknown, unknown>)]
  return Buffer.concat([
    head(5, entries.length),
    ...entries.flatMap(([key, item]) => [cbor(key), cbor(item)]),
  ])
}

/** A software authenticator that can also send invalid responses, for attack tests. */
export class SoftwareAuthenticator {
  id: Buffer = randomBytes(32)
  counter = 0
  userHandle = ''
  #privateKey: KeyObject
  #publicKey: KeyObject
  readonly #origin: string
  readonly #flags: Flags
  readonly #algorithm: number

  constructor(origin: string, flags: Flags = {}, algorithm = -7) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#privateKey = pair.privateKey
    this.#publicKey = pair.publicKey
    this.#origin = origin
    this.#flags = { userPresent: true, userVerified: true, ...flags }
    this.#algorithm = algorithm
  }

  /** What must be kept to be the same authenticator another time. */
  save(): string {
    const key = this.#privateKey.export({ type: 'pkcs8', format: 'pem' })
    return JSON.stringify({ id: this.id.toString('base64url'), userHandle: this.userHandle, key })
  }

  restore(saved: string): this {
    const { id, userHandle, key } = JSON.parse(saved)
    this.id = Buffer.from(id, 'base64url')
    this.userHandle = userHandle
    this.#privateKey = createPrivateKey(key)
    this.#publicKey = createPublicKey(this.#privateKey)
    return this
  }

  /** Answers creation options (WebAuthn Level 3 §6.5.4, attestation none). */
  // biome-ignore lint/suspicious/noExplicitAny: whatever a server sends
  register(options: any, ceremony: Ceremony = {}): Record<string, any> {
    this.userHandle = options.user.id
    const { x = '', y = '' } = this.#publicKey.export({ format: 'jwk' })
    const coordinate = (text: string) => Buffer.from(text, 'base64url')
    const key = cbor(
      new Map<number, unknown>([
        [1, 2],
        [3, this.#algorithm],
        [-1, 1],
        [-2, coordinate(x)],
        [-3, coordinate(y)],
      ]),
    )
    const length = Buffer.from([this.id.length >> 8, this.id.length & 255])
    const authData = Buffer.concat([
      this.#authData(options.rp.id, ceremony, 0x40),
      Buffer.alloc(16),
      length,
      this.id,
      key,
    ])
    const attestationObject = cbor(
      new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]),
    )
    const clientDataJSON = this.#clientData('webauthn.create', options.challenge, ceremony)
    return this.#answer({
      clientDataJSON: base64url(clientDataJSON),
      attestationObject: base64url(attestationObject),
      transports: ['internal'],
    })
  }

  /** Answers request options (§6.3.3). */
  // biome-ignore lint/suspicious/noExplicitAny: whatever a server sends
  authenticate(options: any, ceremony: Ceremony = {}): Record<string, any> {
    const authData = this.#authData(options.rpId, ceremony, 0)
    const clientDataJSON = this.#clientData('webauthn.get', options.challenge, ceremony)
    const signature = sign('sha256', Buffer.concat([authData, sha256(clientDataJSON)]), this.#privateKey)
    const { userHandle = this.userHandle } = ceremony
    return this.#answer({
      clientDataJSON: base64url(clientDataJSON),
      authenticatorData: base64url(authData),
      signature: base64url(signature),
      ...(userHandle !== null && { userHandle }),
    })
  }

  #authData(rpId: string, ceremony: Ceremony, extra: number): Buffer {
    const { userPresent, userVerified, backupEligible, backedUp } = { ...this.#flags, ...ceremony }
    const flags =
      (userPresent ? 1 : 0) | (userVerified ? 4 : 0) | (backupEligible ? 8 : 0) | (backedUp ? 16 : 0) | extra
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(ceremony.counter ?? this.counter)
    return Buffer.concat([sha256(ceremony.rpId ?? rpId), Buffer.from([flags]), counter])
  }

  #clientData(type: string, challenge: string, ceremony: Ceremony): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: ceremony.type ?? type,
        challenge,
        origin: ceremony.origin ?? this.#origin,
        crossOrigin: false,
        ...ceremony.clientData,
      }),
    )
  }

  #answer(response: Record<string, unknown>): Record<string, unknown> {
    const id = base64url(this.id)
    return {
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response,
    }
  }
}
