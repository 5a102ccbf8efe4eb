import { askRegistry } from "./ask-registry";
import type { RegistryConnection } from "./client";
import { expectOk } from "./refusal";

/** Signs in to the registry, and asks for nothing. Throws a {@link RetentionError} if it refuses the token. */
export async function signIn(registry: RegistryConnection): Promise<void> {
  const label = new URL(registry.url).host;
  expectOk(await askRegistry(registry, { method: "GET", path: "", label }), label, "200");
}
