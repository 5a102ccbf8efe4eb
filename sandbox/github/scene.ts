import type { Exchange } from "../http/exchange";
import type { Owner } from "../store/owners";
import type { Package } from "../store/package";
import type { Store } from "../store/store";
import type { Token } from "../store/tokens";

/** The context of a request to the Packages API. */
export interface Scene {
  readonly store: Store;
  readonly apiUrl: string;
  readonly exchange: Exchange;
  readonly token: Token;
}

/** A request for a package under its owner. */
export interface PackageScene extends Scene {
  readonly owner: Owner;
  readonly pkg: Package;
}
