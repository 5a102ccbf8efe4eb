import assert from "node:assert/strict";
import type { FaultRequest, Sandbox } from "../../sandbox";
import { assertFails, assertSays, diagnosticsOf, errorsOf } from "../support/engine/output";
import type { Outcome } from "../support/engine/stack";
import { useEngine } from "../support/engine/use-engine";
import { type PackageWorld, policyFor, small } from "../support/engine/world";

interface Doubt {
  /** What makes the package doubtful, once the images are there. */
  readonly spoil: (sandbox: Sandbox, world: PackageWorld) => void;
  readonly says: readonly (string | RegExp)[];
}

/** Answers to every request about the package that matches. */
function always(effect: FaultRequest["effect"], surface: "api" | "registry", pattern: (name: string) => string): Doubt["spoil"] {
  return (sandbox, world) => {
    const name = world.repository.split("/")[1] ?? "";
    sandbox.addFault({ match: { surface, pattern: pattern(name) }, times: null, effect });
  };
}

const manifests = (name: string) => `/${name}/manifests/`;
const list = (name: string) => `/${name}/versions\\?`;

const doubts: Readonly<Record<string, Doubt>> = {
  "a manifest of an unknown media type": {
    spoil: (sandbox, { repository }) =>
      sandbox.seed([{ package: repository, tags: ["odd"], manifest: { schemaVersion: 2, mediaType: "application/vnd.example.odd+json" } }]),
    says: ['has the media type "application/vnd.example.odd+json", which is not understood here'],
  },
  "a manifest that is no JSON": {
    spoil: (sandbox, { repository }) => sandbox.seed([{ package: repository, manifest: "<html>", createdAt: "2026-08-01T00:00:00Z" }]),
    says: [/@sha256:[0-9a-f]{64} \(media type "[^"]+"\) is not JSON/],
  },
  "a version that the registry does not know": {
    spoil: (sandbox, { repository }) =>
      sandbox.setPackage({ package: repository, versions: [{ version: "prod", unknownToRegistry: true }] }),
    says: ["GitHub lists this version and the registry does not know it", "nothing of this package is deleted"],
  },
  "a manifest that is answered with 500": {
    spoil: always({ kind: "status", status: 500 }, "registry", manifests),
    says: ["the registry answered 500 again and again"],
  },
  "a registry that refuses the token with 401": {
    spoil: always({ kind: "status", status: 401 }, "registry", manifests),
    says: ["the registry refuses the token (401)", "read:packages"],
  },
  "a registry that refuses the token with 403": {
    spoil: always({ kind: "status", status: 403 }, "registry", manifests),
    says: ["the registry refuses the token (403)", "read:packages"],
  },
  "a registry that sends elsewhere": {
    spoil: always({ kind: "status", status: 307, headers: { location: "http://localhost:9/" } }, "registry", manifests),
    says: ["the registry redirects (307); redirects are not followed because the request carries the token"],
  },
  "a manifest that is cut short": {
    spoil: always({ kind: "truncate" }, "registry", manifests),
    says: ["a body that breaks off"],
  },
  "a manifest that is another one": {
    spoil: always({ kind: "wrong-digest" }, "registry", manifests),
    says: ["a body of another digest"],
  },
  "a list that is answered with 401": {
    spoil: always({ kind: "status", status: 401, body: { message: "Bad credentials" } }, "api", list),
    says: ["GitHub answered 401: Bad credentials", "Expected a valid token"],
  },
  "a list that is answered with 403": {
    spoil: always({ kind: "status", status: 403, body: { message: "Resource not accessible" } }, "api", list),
    says: ["GitHub answered 403: Resource not accessible", "Expected a classic token with read:packages"],
  },
  "a list that is answered with 404": {
    spoil: always({ kind: "status", status: 404, body: { message: "Package not found." } }, "api", list),
    says: ["GitHub answered 404: Package not found.", "GitHub answers both alike"],
  },
  "a list that is something else": {
    spoil: always({ kind: "body", body: "<html>Unicorn!</html>", headers: { "content-type": "text/html" } }, "api", list),
    says: ["GitHub answered 3 times with an HTML page"],
  },
  "a list without tags": {
    spoil: always({ kind: "body", body: untaggedList() }, "api", list),
    says: ["GitHub's answer about page 1 of the versions is not understood: 0.metadata.container"],
  },
  "a list shorter than GitHub counts": {
    spoil: always({ kind: "body", body: "[]" }, "api", list),
    says: ["the list of versions could not be read consistently", "0 versions listed, 6 counted"],
  },
};

function untaggedList(): string {
  const digest = `sha256:${"0".repeat(64)}`;
  return JSON.stringify([{ id: 1, name: digest, created_at: "2026-08-01T00:00:00Z", updated_at: "2026-08-01T00:00:00Z", metadata: {} }]);
}

describe("what cannot be read or understood", function () {
  this.timeout(300_000);

  const spoiled = Object.entries(doubts).map(([what, doubt], place) => ({ what, doubt, repository: `acme/doubtful-${place}` }));
  const waiting = "acme/waiting";
  const healthy = "acme/healthy";
  const policies = [policyFor(waiting)];
  for (const repository of [...spoiled.map(({ repository }) => repository), healthy])
    policies.push(policyFor(repository, { approval: "automatic" }));
  const engine = useEngine({ packages: { [waiting]: small, [healthy]: small }, stack: { policies } });
  let preview: Outcome;
  let up: Outcome;

  before(async () => {
    for (const { repository, doubt } of spoiled) doubt.spoil(engine.sandbox, await engine.deploy(repository, small));
    [preview, up] = await Promise.all([engine.stack.preview(), engine.stack.up()]);
  });

  describe("when it is previewed", () => {
    for (const { what, doubt, repository } of spoiled) {
      it(`stops the plan of its package: ${what}`, () => assertSays(errorsOf(preview, repository), ...doubt.says));
    }

    it("fails, and shows the plan of another package", () => {
      assertFails(preview);
      assertSays(diagnosticsOf(preview, waiting), /^plan 2026-11-23-[0-9a-f]{12}: delete 3 of 6 versions/m, "policies[0].approve");
    });
  });

  describe("when it is applied", () => {
    it("fails with the same words", () => {
      assertFails(up);
      for (const { doubt, repository } of spoiled) assertSays(errorsOf(up, repository), ...doubt.says);
    });

    it("deletes nothing of these packages", () => {
      for (const { repository } of spoiled) assert.deepEqual(engine.sandbox.package(repository)?.deleted, [], repository);
    });

    it("carries out the plan of another package", () => {
      assert.equal(engine.sandbox.package(healthy)?.deleted.length, 3);
    });
  });
});
