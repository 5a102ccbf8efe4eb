import { ConfigError } from "../model/errors";
import { nearest } from "../model/nearest";
import { withoutControls } from "../model/printable";
import { unknownKeyText } from "../rules/issue-text";
import { maxDepth } from "../rules/parse-policy";
import { namespace, settings } from "./config-schema";

const known = Object.keys(settings);

/** GitHub's tokens begin with `ghp_` and the like: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats */
const tokenForm = /\bgh[pousr]_\w{16,}|\bgithub_pat_\w{16,}/;

/** The config of a stack by full key: `ghcr-retention:policies`. */
export type WrittenConfig = Readonly<Record<string, unknown>>;

/**
 * Refuses keys that mean nothing: what a misspelt one declares would leave the stack, and its ledger with it. Throws one
 * {@link ConfigError} that names each with the nearest known key. Pure.
 */
export function requireKnownKeys(keys: readonly string[]): void {
  refuse(keys.flatMap(keyProblems));
}

/** Refuses a config with unknown keys, or with tokens in places from where they would reach the stack's state. Pure. */
export function requireSoundConfig(config: WrittenConfig): void {
  const tokens = Object.entries(config).filter(([key]) => key.startsWith(`${namespace}:`) && key !== `${namespace}:token`);
  refuse([...Object.keys(config).flatMap(keyProblems), ...tokens.flatMap(([key, value]) => tokensIn(value, key))]);
}

/** Refuses settings that are secrets: previews show them, and the stack's state records them. Pure. */
export function requireNoSecrets(keys: readonly string[], isSecret: (key: string) => boolean): void {
  const secret = keys.filter((key) => key.startsWith(`${namespace}:`) && key !== `${namespace}:token` && isSecret(key));
  refuse(
    secret.map(
      (key) => `${key}: expected no secret in it, since previews show it and state records it: write it in plain text, without \`secure:\``,
    ),
  );
}

function keyProblems(key: string): string[] {
  const at = key.indexOf(":");
  const [space, name] = [key.slice(0, at), key.slice(at + 1)];
  if (space === namespace) return known.includes(name) ? [] : [`${key}: ${unknownKeyText(name, known)}`];
  if (name === namespace) return [`${key}: expected keys such as \`${namespace}:policies\`, each directly under \`config:\``];
  if (!known.includes(name) || nearest(space, [namespace]) === undefined) return [];
  return [`${key}: unknown namespace \`${space}\`: did you mean \`${namespace}:${name}\`?`];
}

/** Throws one {@link ConfigError} that names each problem; nothing where there is none. Pure. */
export function refuse(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new ConfigError(`the stack's config is not valid:\n${problems.map((problem) => withoutControls(`  ${problem}`)).join("\n")}`);
}

/** Reports whether the config declares no policy at all, which is how a config of another stack or namespace looks. */
export function declaresNothing(config: WrittenConfig): boolean {
  const isEmpty = (value: unknown) => value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  return isEmpty(config[`${namespace}:policies`]) && isEmpty(config[`${namespace}:organizations`]);
}

/** What to do about a config that declares nothing. */
export const nothingDeclared = `the stack's config declares no policy: expected entries under \`${namespace}:policies\` or \`${namespace}:organizations\`; \`npx ghcr-retention init\` writes first ones`;

export const plainToken = `${namespace}:token is plain text in the stack's config, and whoever reads the file may delete packages: revoke it, and set a new one by \`pulumi config set --secret ${namespace}:token\``;

/** A YAML alias of itself has no end; the schema refuses what is deeper. */
function tokensIn(value: unknown, path: string, depth = 0): string[] {
  if (depth > maxDepth) return [];
  if (typeof value === "string") return tokenForm.test(value) ? [refusedToken(path)] : [];
  if (Array.isArray(value)) return value.flatMap((one, index) => tokensIn(one, `${path}[${index}]`, depth + 1));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const isToken = /^(github_?)?token$/i.test(key) && (typeof one === "string" || isSecret(one)) && !path.endsWith(".annotations");
    return isToken ? [refusedToken(`${path}.${key}`)] : tokensIn(one, `${path}.${key}`, depth + 1);
  });
}

/** As the stack's config file holds a secret. */
function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}

function refusedToken(path: string): string {
  return `${path}: expected no token here, where it would enter the stack's state: revoke it, and set a new one by \`pulumi config set --secret ${namespace}:token\``;
}
