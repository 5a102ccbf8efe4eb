import type { Endpoints } from "../inventory/http/endpoints";
import { ConfigError } from "../model/errors";
import * as pulumi from "../sdk/pulumi";
import { plainToken, requireKnownKeys, requireNoSecrets } from "./config-keys";
import { namespace } from "./config-schema";
import { parseEndpoints } from "./endpoints";
import { requireNode } from "./runtime";
import { findToken } from "./token";
import { warnOnce } from "./warn-once";

/** Exported, but left out of the SDK's types. The public way to ask warns of every secret that it is asked for. */
export const { isConfigSecret } = pulumi.runtime as unknown as { readonly isConfigSecret: (key: string) => boolean };

/** The settings that all policies of a stack share, from the config namespace `ghcr-retention`. */
export class Settings {
  readonly endpoints: Endpoints;
  readonly token: string | undefined;

  /** Logs a message that concerns all packages; the engine shows it under the stack. */
  readonly log = (text: string): void => void pulumi.log.info(text);

  private constructor(config: Readonly<Record<string, string>>) {
    const setting = (name: string) => config[`${namespace}:${name}`];
    try {
      requireNode();
      requireKnownKeys(Object.keys(config));
      requireNoSecrets(Object.keys(config), isConfigSecret);
      this.endpoints = parseEndpoints({
        githubApiUrl: setting("githubApiUrl"),
        registryUrl: setting("registryUrl"),
        deletionsPerMinute: setting("deletionsPerMinute"),
        cacheDir: setting("cacheDir"),
      });
    } catch (error) {
      throw error instanceof ConfigError ? new pulumi.RunError(error.message) : error;
    }
    this.token = findToken(setting("token"));
    if (setting("token") !== undefined && !isConfigSecret(`${namespace}:token`)) warnOnce(plainToken);
  }

  /** Reads the whole config once. `pulumi.Config` would read it for each setting, and each policy has such an object. */
  static load(): Settings {
    return new Settings(pulumi.runtime.allConfig());
  }
}
