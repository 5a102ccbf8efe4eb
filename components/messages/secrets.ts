const replacement = "a secret";

/** As texts shorten digests: https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests */
const digestForm = /^(?:sha256|sha512):[0-9a-f]{12}/;

/**
 * Returns a function that writes "a secret" in the place of these names: tags and references where they stand by themselves,
 * digests in full or shortened.
 */
export function hidingSecrets(names: readonly string[]): (text: string) => string {
  const longestFirst = [...new Set(names)].filter((name) => name !== "").sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return (text) => text;
  const any = new RegExp(longestFirst.map(patternOf).join("|"), "g");
  return (text) => text.replace(any, replacement);
}

function patternOf(name: string): string {
  const [short] = digestForm.exec(name) ?? [];
  return short === undefined ? `(?<![\\w.-])${escaped(name)}(?![\\w-]|\\.\\w)` : `${short}[0-9a-f]*(?:\\.\\.\\.)?`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** Writes which arguments may not be secrets, and why. */
export function refusedSecretsText(paths: readonly string[]): string {
  const named = paths.map((path) => `\`${path}\``).join(", ");
  return (
    `the retention policy is not valid:\n  ${named}: expected no secret, since a preview shows what a policy does and state records it; ` +
    "only `protect` may hold secrets. Pass the value itself, or `pulumi.unsecret` of it"
  );
}
