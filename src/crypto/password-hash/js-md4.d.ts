declare module 'js-md4' {
  const md4: { array(message: Uint8Array): number[]; hex(message: Uint8Array): string }
  export = md4
}
