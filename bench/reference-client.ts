/**
 * Reads a package like a script, or like the cleaners that are nearly safe: one request after the other, every page and then
 * every manifest.
 */
export interface ReferenceRequest {
  readonly githubApiUrl: string;
  readonly registryUrl: string;
  readonly token: string;
  readonly owner: string;
  readonly package: string;
}

async function main(): Promise<void> {
  const { githubApiUrl, registryUrl, token, owner, package: name } = JSON.parse(process.argv[2] ?? "") as ReferenceRequest;
  const start = performance.now();
  const digests: string[] = [];
  for (let page = 1, full = true; full; page++) {
    const url = `${githubApiUrl}/orgs/${owner}/packages/container/${name}/versions?per_page=100&page=${page}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const versions = (await answer.json()) as readonly { readonly name: string }[];
    digests.push(...versions.map((version) => version.name));
    full = versions.length === 100;
  }
  const headers = {
    authorization: `Bearer ${Buffer.from(token).toString("base64")}`,
    accept: "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json",
  };
  for (const digest of digests) {
    const answer = await fetch(`${registryUrl}/v2/${owner}/${name}/manifests/${digest}`, { headers });
    await answer.json();
  }
  process.stdout.write(JSON.stringify({ milliseconds: performance.now() - start, manifests: digests.length }));
}

void main();
