import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import { commandLine } from "./commands";

/** The repository: this package knows itself by name, compiled or not. */
export const repository = dirname(require.resolve("ghcr-retention/package.json"));

/** Returns the argument of `--policy-pack` for commands in that folder. */
export function policyPackFrom(folder: string): string {
  return relative(folder, join(repository, "policies"));
}

export const stacks = ["workflow-of-2023", "policy"] as const;
export type StackName = (typeof stacks)[number];

export interface Endpoints {
  readonly githubApiUrl: string;
  readonly registryUrl: string;
  readonly token: string;
}

/** Writes a Pulumi project as `init --new` does: the program, its config, a config file for each stack, and a folder for its state. */
export function layOutProject(folder: string, endpoints: Endpoints): void {
  mkdirSync(join(folder, "state"), { recursive: true });
  writeFileSync(join(folder, "retention.js"), 'module.exports = require("ghcr-retention/stack");\n');
  const runtime = { name: "nodejs", options: { typescript: false } };
  writeFileSync(join(folder, "Pulumi.yaml"), stringify({ name: "ghcr-retention", main: "retention.js", runtime }));
  for (const stack of stacks) {
    const written = readFileSync(join(repository, "demo", `Pulumi.${stack}.yaml`), "utf8");
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), withEndpoints(written, endpoints));
  }
}

/** Adds the settings that a real stack does not have: the sandbox instead of GitHub, and no limit on the pace. */
export function withEndpoints(config: string, { githubApiUrl, registryUrl }: Endpoints): string {
  const lines = [`githubApiUrl: ${githubApiUrl}`, `registryUrl: ${registryUrl}`, "deletionsPerMinute: 30000"];
  return config.replace(/^config:$/m, ["config:", ...lines.map((line) => `  ghcr-retention:${line}`)].join("\n"));
}

/** Returns the environment of the demo's commands, with a separate engine state and separate client credentials. */
export function stageEnvironment(folder: string, { registryUrl, token }: Endpoints): NodeJS.ProcessEnv {
  const dockerConfig = join(folder, "docker");
  signIn(dockerConfig, [registryUrl], token);
  return {
    ...process.env,
    PULUMI_BACKEND_URL: String(pathToFileURL(join(folder, "state"))),
    PULUMI_CONFIG_PASSPHRASE: "sandbox",
    // The tests of this repository check the policy pack's types; without this every command would check them again.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    DOCKER_CONFIG: dockerConfig,
  };
}

/** Writes the credentials where crane and other clients read them. */
export function signIn(dockerConfig: string, registryUrls: readonly string[], token: string): void {
  const auth = Buffer.from(`demo:${token}`).toString("base64");
  const auths = Object.fromEntries(registryUrls.map((url) => [new URL(url).host, { auth }]));
  mkdirSync(dockerConfig, { recursive: true });
  writeFileSync(join(dockerConfig, "config.json"), `${JSON.stringify({ auths }, null, 2)}\n`, { mode: 0o600 });
}

/** Writes a file that gives a shell the demo's environment (`. ./env`), so that its commands can be repeated unchanged. */
export function writeShellEnvironment(folder: string, env: NodeJS.ProcessEnv): void {
  const wanted = Object.entries(env).filter(([name]) => name === "PATH" || name === "DOCKER_CONFIG" || name.startsWith("PULUMI_"));
  const lines = wanted.map(([name, value = ""]) => commandLine("export", [`${name}=${value}`]));
  writeFileSync(
    join(folder, "env"),
    ["# The engine, its state and the clients of the demo, for one shell: . ./env", ...lines, ""].join("\n"),
  );
}
