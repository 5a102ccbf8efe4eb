// Which modules the package loads beyond those that Pulumi has loaded already, by package.
require("@pulumi/pulumi");
const before = new Set(Object.keys(require.cache));
require("ghcr-retention");
const loaded = Object.keys(require.cache).filter((path) => !before.has(path));
const packages = loaded.map((path) => /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path)?.[1]);
const own = loaded.flatMap((path) => /ghcr-retention[\\/]bin[\\/]components[\\/](.+)$/.exec(path)?.[1] ?? []);
console.log(JSON.stringify({ packages: [...new Set(packages)].sort(), own }));
