import type { Exchange } from "../http/exchange";
import type { Owner } from "../store/owners";
import type { Package } from "../store/package";
import type { Store } from "../store/store";
import type { Token } from "../store/tokens";

/** What an answer of the Packages API is made from. */
export interface Scene {
  readonly store: Store;
  readonly apiUrl: string;
  readonly exchange: Exchange;
  readonly token: Token;
}

/** A package that was asked for under its right owner. */
export interface PackageScene extends Scene {
  readonly owner: Owner;
  readonly pkg: Package;
}
