// The import rules of the house. Every rule has a name and a comment that says what to do instead, and a planted
// violation in test/unit/house/layers.test.ts that proves it is read.

const PURE = '^lib/(base|definition|condition|access|query|plan|dynamo|audit)/';
const PACKAGES = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];
const OUTSIDE_LIB = '^(bin|lambdas|test|examples|scripts|bench)/';

/** Imports of infra have a rule of their own: leaving them out here makes one import break one rule. */
const TREE = '^lib/(?!infra/)';

/** Programs, and the modules that esbuild puts in others' places in the bundles. */
const REACHED_BY_NAME = [
  '^scripts/',
  '^lib/infra/(environment-credentials|no-endpoint-discovery|no-event-streams)\\.ts$',
];

function error(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}

/** A folder of lib may see only itself and the folders or files listed. */
function sees(folder, others, instead) {
  const allowed = [folder, ...others].map((each) => `^lib/${each}${each.endsWith('.ts') ? '$' : '/'}`);
  return error(
    `${folder}-sees-${others.length === 0 ? 'nothing' : 'below'}`,
    instead,
    { path: `^lib/${folder}/` },
    { path: TREE, pathNot: allowed },
  );
}

const layers = [
  sees('base', [], 'base imports nothing of lib: move what needs more to the folder that it needs, or pass it in.'),
  sees('definition', ['base'], 'The definition is data for every reader: put the reader in its own folder, on top.'),
  sees(
    'condition',
    ['base', 'definition'],
    'Conditions know no callers and no requests: build the tree in access or query with the constructors.',
  ),
  error(
    'conditions-are-opaque',
    'Outside lib/condition no code looks at the kind of a condition: read it by `fold`, or add the question to demand.ts.',
    { path: '^lib/(?!condition/)' },
    { path: '^lib/condition/node\\.ts$' },
  ),
  sees(
    'access',
    ['base', 'definition', 'condition'],
    'Access decides from records alone: give it what it needs as an argument, from operations.',
  ),
  sees(
    'query',
    ['base', 'definition', 'condition'],
    'The query does not know the policy: operations joins the two and refuses hidden paths between them.',
  ),
  sees(
    'plan',
    ['base', 'definition', 'condition', 'access'],
    'A plan is made from a policy and a condition: let operations parse the query and let dynamo compile the plan.',
  ),
  error(
    'plan-takes-policies',
    'Only access makes policies: import their types, and ask the policy that the request was given.',
    { path: '^lib/plan/' },
    { path: '^lib/access/', dependencyTypesNot: ['type-only'] },
  ),
  sees(
    'dynamo',
    ['base', 'definition', 'condition', 'plan'],
    'The compiler turns plans into SDK inputs as plain data: put what decides in plan and what sends in store.',
  ),
  sees(
    'audit',
    ['base', 'definition', 'condition', 'access'],
    'Audit rows are values: let operations hand over the images and let store write the row.',
  ),
  sees(
    'operations',
    ['base', 'definition', 'condition', 'access', 'query', 'plan', 'dynamo', 'audit'],
    'Operations reach the outside through operations/request/ports alone: declare a port and let the handler pass it in.',
  ),
  error(
    'store-sees-below',
    'The store runs what plan made and dynamo compiled: hand it a plan, and let operations call the rest.',
    { path: '^lib/store/' },
    { path: TREE, pathNot: '^lib/(store|http|base|definition|dynamo|plan|operations)/' },
  ),
  error(
    'store-sees-ports',
    'The store implements the ports and knows no operation: import types from operations/request/ports, nothing else of it.',
    { path: '^lib/store/' },
    { path: '^lib/operations/', pathNot: '^lib/operations/request/ports(\\.ts$|/)' },
  ),
  error(
    'ports-are-types',
    'A port is a type: whatever runs belongs to the operation or to the store, so import the port with `import type`.',
    { path: '^lib/store/' },
    { path: '^lib/operations/request/ports(\\.ts$|/)', dependencyTypesNot: ['type-only'] },
  ),
  error(
    'http-sees-below',
    'http turns events into calls and answers into responses: call an operation, and let it use the other stages.',
    { path: '^lib/http/' },
    { path: TREE, pathNot: '^lib/(http|store|base|definition|operations)/' },
  ),
  error(
    'store-and-http-apart',
    'store and http do not see each other: move what both need to base, or pass it through an operation.',
    { path: '^lib/(store|http)/' },
    { path: '^lib/(store|http)/', pathNot: '^lib/$1/' },
  ),
  sees(
    'infra',
    ['base', 'definition'],
    'infra knows what an API is, not how a request runs: name the handler file, and share facts through definition.',
  ),
  error(
    'run-time-never-sees-infra',
    'The CDK must not get into a bundle: share facts through definition; local reads the synthesized template.',
    { path: '^(lib/(?!infra/)|lambdas/)' },
    { path: '^lib/infra/' },
  ),
  sees(
    'local',
    ['base', 'definition'],
    'The local runtime serves the synthesized template: what a request does belongs to the bundles it runs, what a command prints to cli.',
  ),
  sees(
    'cli',
    ['base', 'definition', 'access/records.ts', 'access/record-fault.ts', 'condition/nearest.ts', 'local'],
    'A command reads options and files and prints: let local run the API, and the bundles do what a request does.',
  ),
  error(
    'lambdas-are-wiring',
    'A handler wires http, store and an operation together: put what it wants to do into one of them.',
    { path: '^lambdas/' },
    {
      path: '^(lib|examples)/',
      pathNot: ['^lib/(http|store|operations|definition|infra)/', '^examples/[^/]+/api\\.ts$'],
    },
  ),
  error(
    'examples-see-the-definition',
    'An example is what a user would copy: it may use lib/definition only; add there what is missing.',
    { path: '^examples/' },
    { path: '^lib/', pathNot: '^lib/definition/' },
  ),
  error(
    'lib-stands-alone',
    'lib is used by programs, handlers, tests and examples, never the other way round: move the code into lib.',
    { path: '^lib/' },
    { path: OUTSIDE_LIB },
  ),
];

const packages = [
  error(
    'pure-has-no-effects',
    'Pure folders have no clock, files, network, randomness or process: take them through a port of operations.',
    { path: PURE },
    { dependencyTypes: ['core'], pathNot: '^(node:)?zlib$' },
  ),
  error(
    'zlib-only-in-audit',
    'Only audit compresses images: take bytes as they are, or let audit do it.',
    { path: PURE, pathNot: '^lib/audit/' },
    { dependencyTypes: ['core'], path: '^(node:)?zlib$' },
  ),
  error(
    'pure-has-no-packages',
    'Pure folders use no package but lossless-json (base): write it, or pass its result in.',
    { path: PURE },
    { dependencyTypes: PACKAGES, path: 'node_modules/', pathNot: 'node_modules/lossless-json/' },
  ),
  error(
    'lossless-json-only-in-base',
    'JSON is read and written in one place: use parseJson and printJson of base/json.',
    { path: '^lib/(?!base/)' },
    { path: 'node_modules/lossless-json/' },
  ),
  error(
    'zod-stays-in-definitions',
    'lib takes any Standard Schema (definition/table): zod belongs to the API definitions that choose it.',
    { path: '^(lib/(?!(base|definition|condition|access|query|plan|dynamo|audit)/)|lambdas/)' },
    { path: 'node_modules/zod/' },
  ),
  error(
    'aws-sdk-only-in-store',
    'Only the store talks to AWS: declare a port in operations and implement it in lib/store.',
    { pathNot: `^(lib/(store|local|cli)/|test/|bench/|${PURE.slice(1)})` },
    { path: 'node_modules/(@aws-sdk|@smithy)/' },
  ),
  error(
    'middy-only-in-http',
    'One middleware stack serves all handlers: change it in lib/http.',
    { pathNot: `^(lib/http/|test/|bench/|${PURE.slice(1)})` },
    { path: 'node_modules/@middy/' },
  ),
  error(
    'cdk-only-in-infra',
    'Infrastructure is made in lib/infra and started by bin/app.ts: add a construct or a prop there.',
    { pathNot: `^(lib/infra/|bin/app\\.ts$|test/|${PURE.slice(1)})` },
    { path: 'node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
  ),
  error(
    'no-development-packages',
    'What runs must be installed where it runs: move the package to dependencies, or import its types only.',
    { path: '^(lib|lambdas)/', pathNot: PURE },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  ),
];

const hygiene = [
  error(
    'no-cycles',
    'Two modules that need each other are one module or three: move what both need into a third.',
    {},
    { circular: true },
  ),
  error(
    'no-orphans',
    'Nothing imports this module and it imports nothing: use it, test it or delete it.',
    { orphan: true, pathNot: REACHED_BY_NAME },
    {},
  ),
  error(
    'no-unresolvable',
    'The import leads nowhere: correct the path, with its .ts ending, or add the package.',
    {},
    { couldNotResolve: true },
  ),
];

module.exports = {
  forbidden: [...layers, ...packages, ...hygiene],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Type imports count: a type that leaks is a wall that leaks.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
