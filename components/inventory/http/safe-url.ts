const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Reports whether nobody can listen on the way: the connection is encrypted, or on loopback. */
export function isSafeServer({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && loopback.test(hostname));
}
