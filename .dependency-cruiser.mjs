// @ts-check
/**
 * The order of the rooms: a folder imports only folders of the lines above its own. Folders on one line are neighbours and do not
 * import each other.
 */
const components = [
  ["model", "sdk"],
  ["graph", "rules"],
  ["plan"],
  ["approval", "diagnosis"],
  ["messages"],
  ["inventory/cache"],
  ["inventory/http"],
  ["inventory/github", "inventory/registry"],
  ["inventory/references"],
  ["inventory"],
  ["inventory/probes"],
  ["in-use"],
  ["lifecycle/state"],
  ["config"],
  ["config-file"],
  ["report"],
  ["lifecycle/apply"],
  ["lifecycle"],
  ["observe"],
  ["proposal", "migration/step", "migration/workflow"],
  ["migration/deletions"],
  ["migration/translators"],
  ["migration"],
  ["review/browser"],
  ["review/picture"],
  ["review"],
  ["listing"],
  ["command-line", "resources"],
  ["stack", "testing"],
];

const sandbox = [["store"], ["http"], ["github", "registry"], ["faults"], ["control"]];
const policies = [["reading"], ["elsewhere", "live"]];
const demo = [["output"], ["stage", "world"], ["acts"]];
const live = [["rows"], ["scratch"], ["probes"], ["policy"]];

/** The trees, and which others each may import. */
const trees = {
  cleaners: [],
  components: ["cleaners"],
  policies: ["cleaners"],
  sandbox: [],
  demo: ["sandbox"],
  bench: ["components", "sandbox"],
  live: ["components", "sandbox"],
};

/** @param {string} tree @param {string[][]} order */
function oneWay(tree, order) {
  return order.flatMap((line, index) =>
    line.map((folder) => {
      const allowed = [folder, ...order.slice(0, index).flat()].map((name) => `${name}/[^/]+$`);
      return {
        name: `${tree}/${folder} imports only folders above it`,
        severity: "error",
        from: { path: `^${tree}/${folder}/[^/]+$` },
        to: { path: `^${tree}/`, pathNot: `^${tree}/(${allowed.join("|")})` },
      };
    }),
  );
}

/** A folder without a line would have no rule. @param {string} tree @param {string[][]} order */
function everyFolderHasALine(tree, order) {
  const listed = order.flat().map((folder) => `${folder}/[^/]+`);
  return {
    name: `every folder of ${tree} has a line in the order`,
    severity: "error",
    from: {},
    to: { path: `^${tree}/`, pathNot: `^${tree}/([^/]+|${listed.join("|")})$` },
  };
}

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no file circle", severity: "error", from: {}, to: { circular: true } },
    { name: "no folder circle", severity: "error", scope: "folder", from: {}, to: { circular: true } },
    ...Object.entries(trees).map(([tree, others]) => ({
      name: `${tree} imports only ${[tree, ...others].join(", ")}`,
      severity: "error",
      from: { path: `^${tree}/` },
      to: { path: `^(${[...Object.keys(trees), "tests", "scripts"].join("|")})/`, pathNot: `^(${[tree, ...others].join("|")})/` },
    })),
    {
      name: "a kind of tests imports no other kind",
      severity: "error",
      from: { path: "^tests/([^/]+)/" },
      to: { path: "^tests/", pathNot: "^tests/($1|support)/" },
    },
    ...Object.entries({ components, sandbox, policies, demo, live }).flatMap(([tree, order]) => [
      ...oneWay(tree, order),
      everyFolderHasALine(tree, order),
    ]),
  ],
  options: {
    // Types are imports, too: a file is read with all that it names.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.tests.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "node_modules" },
  },
};
