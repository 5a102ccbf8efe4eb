import type { RequestListener } from "node:http";
import { reply } from "./http/reply";
import type { RequestLog } from "./http/request-log";
import { writeReply } from "./http/write-reply";
import type { Clock } from "./store/clock";

/** The other host that GHCR's referrers API redirects to. It only logs requests, and whether they carry a credential. */
export function foreignHost(clock: Clock, log: RequestLog): RequestListener {
  return (request, response) => {
    log.add({
      surface: "foreign",
      method: request.method ?? "",
      path: request.url ?? "",
      status: 404,
      at: new Date().toISOString(),
      clock: new Date(clock.now()).toISOString(),
      took: 0,
      token: request.headers.authorization === undefined ? "anonymous" : "unknown",
      faults: [],
    });
    writeReply(response, reply(404, { "content-type": "text/plain" }, "Not the registry.\n"), { date: new Date().toUTCString() });
  };
}
