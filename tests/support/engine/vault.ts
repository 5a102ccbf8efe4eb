import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { z } from "zod";

const Body = z.object({ plaintext: z.string().optional(), ciphertext: z.string().optional() });
const prefix = "vault:v1:";

/**
 * The two calls of Vault's transit engine that Pulumi makes for the key of a stack's secrets; nothing is secret about it. From a
 * passphrase the engine derives the key in each run, in a million rounds: two fifths of its processor time.
 * @see https://developer.hashicorp.com/vault/api-docs/secret/transit
 */
const address = new Promise<string>((resolve, reject) => {
  const server = createServer(async (request, response) => {
    const { plaintext, ciphertext } = Body.parse(await json(request));
    const data = ciphertext === undefined ? { ciphertext: `${prefix}${plaintext}` } : { plaintext: ciphertext.slice(prefix.length) };
    response.setHeader("content-type", "application/json").end(JSON.stringify({ data }));
  });
  server.once("error", reject).listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  server.unref();
});

/** As `--secrets-provider` takes it. */
export const vaultProvider = "hashivault://tests";

/** Where the engine finds it. */
export async function vaultEnvironment(): Promise<NodeJS.ProcessEnv> {
  return { VAULT_SERVER_URL: await address, VAULT_SERVER_TOKEN: "any" };
}
