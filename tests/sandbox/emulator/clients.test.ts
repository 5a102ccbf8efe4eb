import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { buildMultiArchImage, fallbackTagOf, pushMultiArchImage } from "../../../sandbox";
import { callApi, targetOf } from "../../support/emulator/calls";
import { readBlob, rootsOf, writeLayout } from "../../support/emulator/image-layout";
import { useSandbox } from "../../support/emulator/running-sandbox";
import { toolOrSkip } from "../../support/tools";

const pkg = "logto-io/team/logto";
const image = buildMultiArchImage({ seed: "clients", platforms: ["linux/amd64", "linux/arm64", "linux/arm/v7"] });
const images = [...image.children, ...image.attestations];

/** How a client copies between a folder with an image layout and a registry; `auth` is a Docker config file. */
interface Client {
  readonly name: string;
  push(folder: string, to: string, auth: string): string[];
  pull(from: string, folder: string, auth: string): string[];
}

const clients: Client[] = [
  {
    name: "crane",
    push: (folder, to) => ["push", "--index", folder, to],
    pull: (from, folder) => ["pull", "--format=oci", from, folder],
  },
  {
    name: "regctl",
    push: (folder, to) => ["image", "copy", `ocidir://${folder}:latest`, to],
    pull: (from, folder) => ["image", "copy", from, `ocidir://${folder}:latest`],
  },
  {
    name: "oras",
    push: (folder, to, auth) => ["cp", "--from-oci-layout", "--to-plain-http", "--to-registry-config", auth, `${folder}:latest`, to],
    pull: (from, folder, auth) => ["cp", "--to-oci-layout", "--from-plain-http", "--from-registry-config", auth, from, `${folder}:latest`],
  },
  {
    name: "skopeo",
    push: (folder, to, auth) => [...skopeo(auth), "--dest-tls-verify=false", `oci:${folder}:latest`, `docker://${to}`],
    pull: (from, folder, auth) => [...skopeo(auth), "--src-tls-verify=false", `docker://${from}`, `oci:${folder}:latest`],
  },
];

function skopeo(auth: string): string[] {
  return ["--insecure-policy", "copy", "--all", "--preserve-digests", "--authfile", auth];
}

describe("a real client", function () {
  this.timeout(60_000);
  const sandbox = useSandbox();
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "clients-"));
    const auth = Buffer.from(`anyone:${sandbox().token}`).toString("base64");
    writeFileSync(config(), JSON.stringify({ auths: { [host()]: { auth } } }));
    writeFileSync(path.join(folder, "regctl.json"), JSON.stringify({ hosts: { [host()]: { tls: "disabled" } } }));
    writeLayout(source(), image, "latest");
    // crane pushes a layout's index.json itself.
    writeLayout(craneSource(), image, undefined);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const host = () => new URL(sandbox().registryUrl).host;
  const config = () => path.join(folder, "config.json");
  const source = () => path.join(folder, "source");
  const craneSource = () => path.join(folder, "source-of-crane");
  const reference = (tag: string) => `${host()}/${pkg}:${tag}`;
  const versions = () => sandbox().package(pkg)?.versions ?? [];

  async function run(file: string, args: readonly string[]): Promise<string> {
    const env = { ...process.env, HOME: folder, DOCKER_CONFIG: folder, REGCTL_CONFIG: path.join(folder, "regctl.json") };
    const { stdout } = await promisify(execFile)(file, args, { cwd: folder, env });
    return stdout;
  }

  for (const client of clients) {
    it(`${client.name} pushes an image with all platforms, and pulls it back byte for byte`, async function () {
      const file = toolOrSkip(this, client.name);
      await run(file, client.push(client.name === "crane" ? craneSource() : source(), reference("prod"), config()));
      assert.deepEqual(
        new Map(versions().map(({ digest, tags }) => [digest, tags])),
        new Map([[image.index.digest, ["prod"]], ...images.map(({ manifest }): [string, string[]] => [manifest.digest, []])]),
      );

      const pulled = path.join(folder, "pulled");
      await run(file, client.pull(reference("prod"), pulled, config()));
      assert.ok(rootsOf(pulled).includes(image.index.digest));
      for (const { digest, bytes } of images.flatMap(({ manifest, blobs }) => [manifest, ...blobs])) {
        assert.deepEqual(readBlob(pulled, digest), bytes);
      }
      assert.deepEqual(
        sandbox()
          .requests()
          .filter(({ status }) => status >= 500),
        [],
      );
    });

    it(`${client.name} cannot pull an image that lost a child`, async function () {
      const file = toolOrSkip(this, client.name);
      await run(file, client.push(client.name === "crane" ? craneSource() : source(), reference("prod"), config()));
      const child = versions().find(({ digest }) => digest === image.children[1]?.manifest.digest);
      const path_ = `/orgs/logto-io/packages/container/team%2Flogto/versions/${child?.id}`;
      assert.equal((await callApi(sandbox(), path_, { method: "DELETE" })).status, 204);
      await assert.rejects(run(file, client.pull(reference("prod"), path.join(folder, "pulled"), config())), /manifest.unknown|not found/i);
    });

    it(`${client.name} is refused without a sign-in, and pulls anonymously what is public`, async function () {
      const file = toolOrSkip(this, client.name);
      await run(file, client.push(client.name === "crane" ? craneSource() : source(), reference("prod"), config()));
      writeFileSync(config(), JSON.stringify({ auths: {} }));
      const pull = () => run(file, client.pull(reference("prod"), path.join(folder, "pulled"), config()));
      await assert.rejects(pull());
      rmSync(path.join(folder, "pulled"), { recursive: true, force: true });
      sandbox().setPackage({ package: pkg, visibility: "public" });
      await pull();
      await assert.rejects(run(file, client.push(client.name === "crane" ? craneSource() : source(), reference("other"), config())));
    });
  }

  it("crane finds a pushed image whole, down to the layers' content", async function () {
    const crane = toolOrSkip(this, "crane");
    await pushMultiArchImage(targetOf(sandbox(), pkg), { seed: "whole", attestations: false, tags: ["prod"] });
    await run(crane, ["validate", "--remote", reference("prod")]);
  });

  it("crane moves and lists tags over many pages, and may not delete", async function () {
    const crane = toolOrSkip(this, "crane");
    await run(crane, ["push", "--index", craneSource(), reference("prod")]);
    await run(crane, ["tag", reference("prod"), "v1"]);
    sandbox().seed([{ package: pkg, tags: Array.from({ length: 250 }, (_, place) => `pr-${place}`) }]);
    const tags = (await run(crane, ["ls", `${host()}/${pkg}`])).trim().split("\n");
    assert.equal(tags.length, 252);
    await assert.rejects(run(crane, ["delete", reference("v1")]), /UNSUPPORTED|405/);
  });

  it("regctl may not delete, and leaves the dummy behind that it untags with", async function () {
    const regctl = toolOrSkip(this, "regctl");
    await run(regctl, ["image", "copy", `ocidir://${source()}:latest`, reference("prod")]);
    await assert.rejects(run(regctl, ["manifest", "delete", `${host()}/${pkg}@${image.index.digest}`]), /405/);
    assert.equal(versions().length, images.length + 1);
    await assert.rejects(run(regctl, ["tag", "delete", reference("prod")]));
    assert.equal(versions().length, images.length + 2);
  });

  for (const referrers of ["redirect", "not-found"] as const) {
    it(`oras attaches through the fallback tag, the referrers API answering ${referrers}`, async function () {
      const oras = toolOrSkip(this, "oras");
      sandbox().setSwitches({ referrers });
      await run(oras, clients[2]?.push(source(), reference("prod"), config()) ?? []);
      writeFileSync(path.join(folder, "sbom.json"), "{}");
      const attach = ["attach", "--plain-http", "--registry-config", config(), "--artifact-type", "application/spdx+json"];
      await run(oras, [...attach, reference("prod"), "sbom.json"]);
      const fallback = versions().find(({ tags }) => tags.includes(fallbackTagOf(image.index.digest)));
      assert.ok(fallback !== undefined);
      const found = await run(oras, ["discover", "--plain-http", "--registry-config", config(), "--format", "json", reference("prod")]);
      assert.match(found, /application\/spdx\+json/);
      const leaked = sandbox()
        .requests()
        .filter(({ surface, token }) => surface === "foreign" && token !== "anonymous");
      assert.deepEqual(leaked, []);
    });
  }
});
