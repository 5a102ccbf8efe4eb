// Loaded before everything else: a connection or a thread ends the process.
const net = require("node:net");
const threads = require("node:worker_threads");

function refuse(what) {
  process.stderr.write(`${what}\n${new Error().stack}\n`);
  process.exit(3);
}

net.Socket.prototype.connect = () => refuse("it connects to somebody");
threads.Worker = class {
  constructor() {
    refuse("it starts a thread");
  }
};
