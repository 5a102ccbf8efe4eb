// Loaded before everything else: requests to THROW_AT end with an exception that holds the whole request.
const { Agent } = require("undici");
const { request: ask } = Agent.prototype;

Agent.prototype.request = async function (options) {
  if (!options.path.includes(process.env.THROW_AT)) return ask.call(this, options);
  const held = { options, headers: options.headers };
  const cause = Object.assign(new Error("something unexpected"), held);
  throw Object.assign(new TypeError("something unexpected", { cause }), held);
};
