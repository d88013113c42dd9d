declare module 'xml-encryption' {
  /** Of an element with EncryptedData; `result` is XML. */
  export function decrypt(
    xml: string,
    options: {
      key: string
      disallowDecryptionWithInsecureAlgorithm?: boolean
      warnInsecureAlgorithm?: boolean
    },
    done: (error: Error | null, result: string) => void,
  ): void
  export function encrypt(
    content: string,
    options: { rsa_pub: string; pem: string; encryptionAlgorithm: string; keyEncryptionAlgorithm: string },
    done: (error: Error | null, result: string) => void,
  ): void
}
