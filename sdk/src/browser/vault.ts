/** The stored tokens of one client, in IndexedDB. Useless without the key, which is not extractable. */
export interface Held {
  key: CryptoKeyPair
  refreshToken: string | null
  accessToken: string | null
  /** Milliseconds since the epoch. */
  expiresAt: number
  idToken: string | null
  /** While a sign-in is under way. */
  pending: Pending | null
}

export interface Pending {
  state: string
  nonce: string
  verifier: string
  returnTo: string
}

export interface Vault {
  read(): Promise<Held>
  write(change: Partial<Omit<Held, 'key'>>): Promise<void>
  /** Everything but the key. */
  clear(): Promise<void>
}

const storeName = 'clients'
const empty = { refreshToken: null, accessToken: null, expiresAt: 0, idToken: null, pending: null }

/** One record a client. The key pair is made in the browser and cannot be exported (RFC 9449 §11.4). */
export async function openVault(name: string): Promise<Vault> {
  const database = await open()

  async function read(): Promise<Held> {
    const found = await run<Held | undefined>('readonly', (store) => store.get(name))
    if (found) return found
    const key = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ])
    // Two tabs that start at once end up with one key.
    await run('readwrite', (store) => store.add({ key, ...empty }, name)).catch(() => undefined)
    return (await run<Held>('readonly', (store) => store.get(name))) as Held
  }

  function run<Result>(
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(storeName, mode)
      const request = work(transaction.objectStore(storeName))
      transaction.oncomplete = () => resolve(request.result as Result)
      transaction.onabort = () => reject(transaction.error)
    })
  }

  async function write(change: Partial<Omit<Held, 'key'>>): Promise<void> {
    const held = await read()
    await run('readwrite', (store) => store.put({ ...held, ...change }, name))
  }

  return { read, write, clear: () => write(empty) }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('sumun', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(storeName)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
