// Which packages are loaded by a program that loads nothing but this package, as Pulumi's runner of programs starts it.
require("ghcr-retention/stack");
const paths = Object.keys(require.cache).map((path) => /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path)?.[1]);
console.log(JSON.stringify([...new Set(paths)].filter(Boolean).sort()));
