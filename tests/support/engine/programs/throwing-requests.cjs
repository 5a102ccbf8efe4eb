// Loaded before everything else, in threads as well: requests to THROW_AT end with an exception that holds the whole request.
const { Agent } = require("undici");
const { dispatch } = Agent.prototype;

Agent.prototype.dispatch = function (options, handler) {
  if (!options.path.includes(process.env.THROW_AT)) return dispatch.call(this, options, handler);
  const held = { options, headers: options.headers };
  const cause = Object.assign(new Error("something unexpected"), held);
  throw Object.assign(new TypeError("something unexpected", { cause }), held);
};
