import { bytesOf, type Reply } from "../http/reply";
import { seed } from "../store/seeding";
import type { Store } from "../store/store";
import type { ActiveFault } from "./active-fault";
import { replyOf } from "./before";

/** How a reply is sent: completely, in part, or not at all. */
export interface Departure {
  reply: Reply;
  drop: boolean;
  /** The number of bytes of the body after which the connection closes. */
  cutAt: number | undefined;
}

/** Applies a fault to the reply of a handled request. */
export function strikeAfter(store: Store, { effect }: ActiveFault, departure: Departure): void {
  switch (effect.kind) {
    case "status":
      if (effect.handled) departure.reply = replyOf(effect);
      return;
    case "body":
      Object.assign(departure.reply.headers, effect.headers);
      departure.reply.body = effect.body ?? departure.reply.body;
      return;
    case "drop":
      departure.drop ||= effect.handled;
      return;
    case "truncate":
      departure.cutAt = effect.bytes ?? Math.floor(bytesOf(departure.reply.body).length / 2);
      return;
    case "wrong-digest":
      departure.reply = { ...departure.reply, body: altered(departure.reply.body) };
      return;
    case "push":
      if (effect.handled) seed(store, effect.versions);
      return;
    default:
      return;
  }
}

/** Changes the first digest in the body, or the last byte if it has no digest. */
function altered(body: string | Buffer): Buffer {
  const bytes = Buffer.from(bytesOf(body));
  const named = bytes.indexOf("sha256:");
  const at = named === -1 ? bytes.length - 1 : named + "sha256:".length;
  if (at >= 0) bytes[at] = bytes[at] === 0x61 ? 0x62 : 0x61;
  return bytes;
}
