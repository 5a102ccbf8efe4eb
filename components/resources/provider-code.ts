/**
 * The provider's implementation, as the engine stores it in the state of each resource: twice, and it runs the stored copy on
 * refresh and destroy. So it is one text that never changes and becomes the implementation at run time: the provider's process
 * configures it before anything else, and asks for its methods only then.
 *
 * It is what the SDK's serializer made of an object with this one method. It is written out here because the serializer loads
 * TypeScript's compiler and computes the same text anew in each run.
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/dynamic-provider/index.ts
 */
export const providerCode = `exports.handler = __f0;

var __provider = {configure: __f1};

function __f1(__0) {
  return (function() {
    with({ this: undefined, arguments: undefined }) {

return function /*configure*/(request) {
        const load = require("node:module").createRequire(\`\${process.cwd()}/index.js\`);
        return Object.assign(this, load("ghcr-retention/lifecycle").create()).configure(request);
    };

    }
  }).apply(undefined, undefined).apply(this, arguments);
}

function __f0() {
  return (function() {
    with({ provider: __provider, this: undefined, arguments: undefined }) {

return () => provider;

    }
  }).apply(undefined, undefined).apply(this, arguments);
}
`;
