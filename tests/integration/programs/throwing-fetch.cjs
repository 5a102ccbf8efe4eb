// Loaded before everything else: requests to THROW_AT end with an exception that holds the whole request.
const { fetch } = globalThis;

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (!request.url.includes(process.env.THROW_AT)) return fetch(request);
  const held = { request, init, headers: Object.fromEntries(request.headers) };
  const cause = Object.assign(new Error("something unexpected"), held);
  throw Object.assign(new TypeError("something unexpected", { cause }), held);
};
