const hidden = '[secret]'

/**
 * A string that no logger, template or JSON serializer prints. Only `reveal` returns it, which a check
 * restricts to a few files.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toJSON(): string {
    return hidden
  }

  toString(): string {
    return hidden
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden
  }
}
