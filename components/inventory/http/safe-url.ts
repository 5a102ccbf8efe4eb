const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Nobody listens on the way: encrypted, or on loopback. */
export function isSafeServer({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && loopback.test(hostname));
}
