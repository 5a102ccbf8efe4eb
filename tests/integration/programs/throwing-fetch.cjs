// Loaded before everything else: requests to THROW_AT end with an exception that holds the whole request.
const undici = require("undici");
const { fetch } = globalThis;
const { request: ask } = undici;

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (!request.url.includes(process.env.THROW_AT)) return fetch(request);
  fail({ request, init, headers: Object.fromEntries(request.headers) });
};

undici.request = async (address, options) => {
  if (!String(address).includes(process.env.THROW_AT)) return ask(address, options);
  fail({ address, options, headers: options?.headers });
};

function fail(held) {
  const cause = Object.assign(new Error("something unexpected"), held);
  throw Object.assign(new TypeError("something unexpected", { cause }), held);
}
