import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { type ImageInUse, imagesFromJson, imagesOfEcsTaskDefinition, imagesOfKubernetes } from "../../../components";
import { readJson } from "../../../components/in-use/json-source";

const digest = `sha256:${"a".repeat(64)}`;

/** A resource as `@pulumi/kubernetes` and `@pulumi/aws` have them: its outputs are what was asked for. */
class Declared extends pulumi.CustomResource {
  constructor(type: string, name: string, inputs: pulumi.Inputs) {
    super(type, name, inputs);
    for (const key of Object.keys(inputs)) Object.assign(this, { [key]: pulumi.output(inputs[key]) });
  }
}

function known(images: pulumi.Output<ImageInUse[]>): Promise<ImageInUse[]> {
  return new Promise((resolve) => images.apply(resolve));
}

describe("images in use", () => {
  before(async () => {
    await pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: ({ inputs }) => inputs });
  });

  describe("when Kubernetes runs them", () => {
    const template = {
      spec: {
        initContainers: [{ name: "migrate", image: "ghcr.io/acme/app:1.2" }],
        containers: [{ name: "app", image: pulumi.output("ghcr.io/acme/app:prod") }],
      },
    };

    it("finds them in a resource of the provider, whose outputs are known later", async () => {
      const deployment = new Declared("kubernetes:apps/v1:Deployment", "web", {
        kind: "Deployment",
        metadata: { name: "web", namespace: "shop" },
        spec: { template },
      });
      assert.deepEqual(await known(imagesOfKubernetes(deployment)), [
        { image: "ghcr.io/acme/app:prod", by: "Deployment shop/web, container app" },
        { image: "ghcr.io/acme/app:1.2", by: "Deployment shop/web, container migrate" },
      ]);
    });

    it("finds them in a CronJob, in its spec alone, and in a list", async () => {
      const cronJob = { kind: "CronJob", metadata: { name: "nightly" }, spec: { jobTemplate: { spec: { template } } } };
      const images = await known(imagesOfKubernetes({ kind: "List", items: [cronJob] }, { template }));
      assert.deepEqual(
        images.map(({ image, by }) => [image, by]),
        [
          ["ghcr.io/acme/app:prod", "CronJob nightly, container app"],
          ["ghcr.io/acme/app:1.2", "CronJob nightly, container migrate"],
          ["ghcr.io/acme/app:prod", "container app"],
          ["ghcr.io/acme/app:1.2", "container migrate"],
        ],
      );
    });

    it("takes the digest that a pod really runs, too", async () => {
      const status = {
        containerStatuses: [
          { name: "app", imageID: `ghcr.io/acme/app@${digest}` },
          { name: "new", imageID: "" },
        ],
      };
      const pod = { kind: "Pod", metadata: { name: "web-1" }, spec: { containers: [] }, status };
      assert.deepEqual(await known(imagesOfKubernetes(pod)), [{ image: `ghcr.io/acme/app@${digest}`, by: "Pod web-1, container app" }]);
    });
  });

  describe("when ECS runs them", () => {
    const containers = [{ name: "app", image: "ghcr.io/acme/app:prod" }];
    const expected = [{ image: "ghcr.io/acme/app:prod", by: "task shop, container app" }];

    it("finds them in a resource of the provider, where they are JSON text", async () => {
      const inputs = { family: "shop", containerDefinitions: JSON.stringify(containers) };
      assert.deepEqual(
        await known(imagesOfEcsTaskDefinition(new Declared("aws:ecs/taskDefinition:TaskDefinition", "shop", inputs))),
        expected,
      );
    });

    it("finds them in the definitions alone, as text or parsed", async () => {
      const alone = [{ ...expected[0], by: "ECS task, container app" }];
      assert.deepEqual(await known(imagesOfEcsTaskDefinition(JSON.stringify(containers))), alone);
      assert.deepEqual(await known(imagesOfEcsTaskDefinition({ family: "shop", containerDefinitions: containers })), expected);
    });
  });

  describe("when they stand behind an address", () => {
    const answers: Readonly<Record<string, readonly [number, string]>> = {
      "/running.json": [200, '["ghcr.io/acme/app:prod"]'],
      "/broken.json": [200, '["ghcr.io/acme/app:prod"'],
      "/gone.json": [404, "[]"],
    };
    const server = createServer(({ url = "" }, response) => {
      const [status, body] = answers[url.replace(/\?.*/, "")] ?? [500, ""];
      response.writeHead(status).end(body);
    });
    let origin: string;
    before(async () => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => server.close());

    it("finds them there", async () => {
      const { value } = await readJson(new URL(`${origin}/running.json`));
      assert.deepEqual(value, ["ghcr.io/acme/app:prod"]);
    });

    it("fails where they cannot be had or read, and tells no secret of the address", async () => {
      const failure = (address: string) =>
        readJson(address).then(
          () => assert.fail("it was taken"),
          (error: Error) => error.message,
        );
      assert.match(
        await failure(`${origin}/gone.json?key=secret`),
        /^images in use at 127\.0\.0\.1:\d+\/gone\.json: they cannot be fetched \(it answered 404\)/,
      );
      assert.match(await failure(`${origin}/broken.json`), /expected JSON, but it cannot be parsed; nothing is deleted until it can/);
      assert.match(
        await failure("http://192.0.2.1/running.json?key=secret"),
        /^images in use at 192\.0\.2\.1\/running\.json: expected an https:/,
      );
    });
  });

  describe("when they stand in JSON", () => {
    it("finds lists of references, and what stands under `image`", async () => {
      const text = JSON.stringify({
        running: ["ghcr.io/acme/app:a"],
        pods: [{ image: "ghcr.io/acme/app:b", by: "pod b", note: "ghcr.io/x/y:z" }],
      });
      assert.deepEqual(await known(imagesFromJson(text)), [
        { image: "ghcr.io/acme/app:a", by: "JSON" },
        { image: "ghcr.io/acme/app:b", by: "pod b" },
        { image: "ghcr.io/x/y:z", by: "pod b, key note", unread: true },
      ]);
    });

    it("marks what looks like an image under other keys, and leaves other texts alone", async () => {
      const text = JSON.stringify([
        { reference: "ghcr.io/acme/app:a", digest, url: "https://acme.example/app", name: "app", image: "ghcr.io/acme/app:b" },
      ]);
      assert.deepEqual(
        (await known(imagesFromJson(text))).map(({ by, unread }) => [by, unread]),
        [
          ["JSON, key reference", true],
          ["JSON, key digest", true],
          ["JSON", undefined],
        ],
      );
    });
  });

  describe("when a source yields none", () => {
    const failure = (images: pulumi.Output<ImageInUse[]>): Promise<string> =>
      (images as unknown as { promise: () => Promise<unknown> }).promise().then(
        () => assert.fail("it was accepted"),
        (error: Error) => error.message,
      );

    for (const [what, images] of [
      ["JSON", () => imagesFromJson("[]")],
      ["the workloads given to `imagesOfKubernetes`", () => imagesOfKubernetes({ kind: "List", items: [] })],
      ["the workloads given to `imagesOfKubernetes`", () => imagesOfKubernetes()],
      ["the task definitions given to `imagesOfEcsTaskDefinition`", () => imagesOfEcsTaskDefinition("[]")],
    ] as const) {
      it(`is an error: ${what}`, async () => {
        const message = await failure(images());
        assert.ok(message.startsWith(`images in use: ${what} names no image, and nothing would be protected by it`), message);
        assert.match(message, /pass `\{ allowEmpty: true \}`/);
      });
    }

    it("names what it did not understand", async () => {
      const message = await failure(imagesFromJson('{"reference": "ghcr.io/acme/app:a"}'));
      assert.match(message, /not understood: ghcr\.io\/acme\/app:a \(JSON, key reference\)/);
    });

    it("is none where that is allowed", async () => {
      const allowed = { allowEmpty: true } as const;
      assert.deepEqual(await known(imagesFromJson("[]", allowed)), []);
      assert.deepEqual(await known(imagesOfKubernetes({ kind: "List", items: [] }, allowed)), []);
      assert.deepEqual(await known(imagesOfEcsTaskDefinition("[]", allowed)), []);
    });
  });
});
