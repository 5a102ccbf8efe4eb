export type OwnerKind = "User" | "Organization";

export interface Owner {
  readonly login: string;
  readonly kind: OwnerKind;
  readonly id: number;
}

/** Every owner exists, by default as an organisation. Names are case-insensitive. */
export class Owners {
  readonly #owners = new Map<string, Owner>();

  set(login: string, kind: OwnerKind): Owner {
    const owner = { login, kind, id: this.#owners.get(login.toLowerCase())?.id ?? this.#owners.size + 1001 };
    this.#owners.set(login.toLowerCase(), owner);
    return owner;
  }

  get(login: string): Owner {
    return this.#owners.get(login.toLowerCase()) ?? this.set(login, "Organization");
  }

  all(): Owner[] {
    return [...this.#owners.values()];
  }
}
