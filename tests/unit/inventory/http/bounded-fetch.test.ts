import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { boundedFetch, RefusedResponse } from "../../../../components/inventory/http/bounded-fetch";
import { HttpClient } from "../../../../components/inventory/http/http";
import { endless, type Loopback, serveOnLoopback, slow } from "../../../support/hostile/loopback";

const mebibyte = 1024 * 1024;
/** Long enough for a busy machine, where a body is refused for its size. */
const bounds = { bytes: mebibyte, milliseconds: 30_000 };
const impatient = { ...bounds, milliseconds: 300 };
const authorization = "Bearer secret";

describe("the fetch for GitHub's API", () => {
  const servers: Loopback[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  async function serve(answer: RequestListener, host?: string): Promise<Loopback> {
    const server = await serveOnLoopback(answer, host);
    servers.push(server);
    return server;
  }
  const get = (url: string, method = "GET", within = bounds) =>
    boundedFetch(new HttpClient(1), within)(url, { method, headers: { authorization } });

  async function assertRefused(answer: RequestListener, message: string | RegExp, method = "GET", within = bounds): Promise<Loopback> {
    const server = await serve(answer);
    await assert.rejects(get(`${server.url}/one`, method, within), (error: Error) => {
      assert.ok(error instanceof RefusedResponse);
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
    return server;
  }

  describe("when the body is large", () => {
    it("takes one as long as the bound", async () => {
      const { url } = await serve((_, response) => response.end(Buffer.alloc(mebibyte)));
      assert.equal((await get(url)).body.length, mebibyte);
    });

    it("refuses one that is a byte longer", async () => {
      await assertRefused((_, response) => response.end(Buffer.alloc(mebibyte + 1)), "answered with a body of more than 1 MiB");
    });

    it("reads no further than the bound of one without an end", async () => {
      const server = await assertRefused(endless, "answered with a body of more than 1 MiB");
      // What the system keeps in its own buffers was sent as well.
      assert.ok(server.bytesSent() < 16 * mebibyte, `${server.bytesSent()} bytes were sent`);
    });

    it("counts the bytes after inflating", async () => {
      const bomb = gzipSync(Buffer.alloc(64 * mebibyte));
      assert.ok(bomb.length < mebibyte);
      await assertRefused(
        (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb),
        "answered with a body of more than 1 MiB",
      );
    });

    for (const [encoding, pack] of Object.entries({ gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync })) {
      it(`inflates what fits: ${encoding}`, async () => {
        const { url } = await serve((_, response) => response.writeHead(200, { "content-encoding": encoding }).end(pack('["fits"]')));
        assert.deepEqual(JSON.parse((await get(url)).body), ["fits"]);
      });
    }

    it("takes what cannot be inflated for a body that broke off", async () => {
      const { url } = await serve((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end('["no gzip"]'));
      assert.equal((await get(url)).body, "");
    });

    it("puts the parts of a body together", async () => {
      const { url } = await serve((_, response) => {
        response.write('["one",');
        setTimeout(() => response.end('"two"]'), 20);
      });
      assert.deepEqual(JSON.parse((await get(url)).body), ["one", "two"]);
    });

    it("takes no early hint for the answer", async () => {
      const { url } = await serve((_, response) => {
        response.writeEarlyHints({ link: "</style.css>; rel=preload; as=style" });
        response.end("[]");
      });
      const { status, body } = await get(url);
      assert.deepEqual([status, body], [200, "[]"]);
    });
  });

  describe("when the answer takes long", () => {
    it("gives up on a body that drips", async () => {
      await assertRefused(slow, "did not complete its response in 0.3 s", "GET", impatient);
    });

    it("gives up on an answer that does not begin", async () => {
      await assertRefused(() => undefined, "did not respond in 0.3 s", "GET", impatient);
    });
  });

  describe("when it is sent elsewhere", () => {
    const sendTo = (location: string | undefined, status = 301): RequestListener => {
      return (_, response) => response.writeHead(status, location === undefined ? {} : { location }).end();
    };

    it("follows on the same host, with the token", async () => {
      const server = await serve((request, response) => {
        if (request.url === "/one") sendTo("/two?page=1")(request, response);
        else response.end("[]");
      });
      assert.deepEqual(JSON.parse((await get(`${server.url}/one`)).body), []);
      assert.deepEqual(server.requests, [
        { method: "GET", path: "/one", withToken: true },
        { method: "GET", path: "/two?page=1", withToken: true },
      ]);
    });

    for (const status of [301, 302, 303, 307, 308]) {
      it(`asks no other host: ${status}`, async () => {
        const other = await serve((_, response) => response.end("[]"), "localhost");
        await assertRefused(
          sendTo(`${other.url}/two`, status),
          /^redirects to another host \(30\d to localhost:\d+\), which is not followed because the request carries the token$/,
        );
        assert.deepEqual(other.requests, []);
      });
    }

    it("asks no other port of the same host", async () => {
      const other = await serve((_, response) => response.end("[]"));
      await assertRefused(sendTo(other.url), /another host/);
      assert.deepEqual(other.requests, []);
    });

    it("gives up where the way has no end", async () => {
      const server = await assertRefused(sendTo("/one"), "redirects without end (5 times)");
      assert.equal(server.requests.length, 6);
    });

    for (const location of [undefined, "https://[::::]/"]) {
      it(`says so where the way leads nowhere: ${location}`, async () => {
        await assertRefused(sendTo(location, 302), "redirects (302) without an address");
      });
    }

    for (const method of ["DELETE", "POST", "PUT"]) {
      it(`carries no ${method} to another address`, async () => {
        const server = await assertRefused(
          sendTo("/two", 307),
          /^redirects a change \(307\): .* write its new name in the policy$/,
          method,
        );
        assert.equal(server.requests.length, 1);
      });
    }
  });

  for (const status of ["099", "999"]) {
    it(`takes no status that there is not: ${status}`, async () => {
      const raw = `HTTP/1.1 ${status} Odd\r\ncontent-length: 2\r\n\r\n[]`;
      await assertRefused((_, response) => response.socket?.end(raw), `answered with the invalid status ${Number(status)}`);
    });
  }

  describe("when it is refused", () => {
    it("keeps the words and leaves out the rest", async () => {
      const deep = `{"message":"No.","errors":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
      const { url } = await serve((_, response) => response.writeHead(403, { "x-oauth-scopes": "repo" }).end(deep));
      const answer = await get(url);
      assert.equal(answer.status, 403);
      assert.equal(answer.headers.get("x-oauth-scopes"), "repo");
      assert.deepEqual(JSON.parse(answer.body), { form: "message", message: "No." });
    });

    for (const [body, form, message] of [
      ["x".repeat(5_000), "text", "x".repeat(1_000)],
      [`\n<html>${"x".repeat(5_000)}`, "page", "an HTML page"],
      ["<!DOCTYPE html>", "page", "an HTML page"],
      ['{"error":"no"}', "text", '{"error":"no"}'],
      ["", "text", ""],
    ] as const) {
      it(`tells what is no message of the server's own: ${body.slice(0, 20)}`, async () => {
        const { url } = await serve((_, response) => response.writeHead(502).end(body));
        assert.deepEqual(JSON.parse((await get(url)).body), { form, message });
      });
    }
  });
});
