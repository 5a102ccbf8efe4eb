export type OwnerKind = "User" | "Organization";

/** What an organisation asks of classic tokens: nothing, authorisation for single sign-on, or not to be used. */
export type TokenPolicy = "any" | "single-sign-on" | "no-classic";

export interface Owner {
  readonly login: string;
  readonly kind: OwnerKind;
  readonly id: number;
  readonly tokenPolicy: TokenPolicy;
}

/** What the API and the registry answer to a classic token where the organisation forbids these. */
export function forbidsClassicTokens({ login }: Owner): string {
  return `\`${login}\` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.`;
}

/** Every owner exists, by default as an organisation. Names are case-insensitive. */
export class Owners {
  readonly #owners = new Map<string, Owner>();

  set(login: string, kind: OwnerKind, tokenPolicy: TokenPolicy = "any"): Owner {
    const owner = { login, kind, id: this.#owners.get(login.toLowerCase())?.id ?? this.#owners.size + 1001, tokenPolicy };
    this.#owners.set(login.toLowerCase(), owner);
    return owner;
  }

  /** Finds an owner that was declared, or asked for. */
  find(login: string): Owner | undefined {
    return this.#owners.get(login.toLowerCase());
  }

  get(login: string): Owner {
    return this.find(login) ?? this.set(login, "Organization");
  }

  byId(id: number): Owner | undefined {
    return this.all().find((owner) => owner.id === id);
  }

  all(): Owner[] {
    return [...this.#owners.values()];
  }
}
