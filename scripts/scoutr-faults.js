// Each fault that Scoutr had, written into our code: what the tests must notice. `find` stands once in the file; where it
// no longer does, the code has changed and the mutant must follow it (test/unit/house/planted-faults.test.ts).

/** `tests` are the files that must fail. */
export const FAULTS = [
  {
    fault: "an endpoint's pattern matches the beginning of the path",
    file: 'lib/access/endpoint-pattern.ts',
    find: 'return (path) => pattern.matches(path);',
    replace:
      'return (path) => Array.from(path, (_, at) => path.slice(0, at + 1)).some((part) => pattern.matches(part));',
    tests: ['test/unit/access/endpoint-pattern.test.ts'],
  },
  {
    fault: 'an endpoint without a pattern permits every path that begins with it',
    file: 'lib/access/endpoint-pattern.ts',
    find: 'const equals = (path: string) => path === endpoint;',
    replace: 'const equals = (path: string) => path.startsWith(endpoint);',
    tests: ['test/unit/access/endpoint-pattern.test.ts'],
  },
  {
    fault: 'filters on one field are joined by OR',
    file: 'lib/access/grant.ts',
    find: '  return Predicate.of(all(filters.flatMap((filter) => filterTruth(filter, table, variables)?.whenTrue ?? [])));',
    replace: `  const byField = new Map<string, Predicate[]>();
  for (const filter of filters) {
    const field = filter.kind === 'field' ? filter.path.join('.') : JSON.stringify(filter);
    const truth = filterTruth(filter, table, variables);
    if (truth) byField.set(field, [...(byField.get(field) ?? []), Predicate.of(truth.whenTrue)]);
  }
  return Predicate.all([...byField.values()].map((parts) => Predicate.any(parts)));`,
    tests: ['test/unit/access/policy.test.ts', 'test/laws/access.test.ts'],
  },
  {
    fault: 'the OR of conditions begins as true',
    file: 'lib/condition/evaluate.ts',
    find: 'any: (parts) => group(parts, true),',
    replace: 'any: () => ({ test: () => true }),',
    tests: ['test/laws/access.test.ts', 'test/handlers/rows.test.ts'],
  },
  {
    fault: 'an empty list of values is dropped',
    file: 'lib/condition/condition.ts',
    find: 'if (values.length === 0) return FALSE;',
    replace: 'if (values.length === 0) return TRUE;',
    tests: ['test/unit/condition/operators.test.ts', 'test/laws/access.test.ts'],
  },
  {
    fault: 'fields are excluded at the top level only',
    file: 'lib/access/prune.ts',
    find: 'const kept = below.isListed ? undefined : pruneValue(value, below);',
    replace: 'const kept = below.isListed ? undefined : value;',
    tests: ['test/unit/access/fields.test.ts', 'test/handlers/fields.test.ts'],
  },
  {
    fault: 'excluded fields may be queried',
    file: 'lib/access/policy.ts',
    find: "    refuseWhere(paths, (path) => this.hidden.place(path) !== 'apart');",
    replace: '    refuseWhere(paths, () => this.hidden === undefined);',
    tests: ['test/unit/access/written-fields.test.ts', 'test/handlers/fields.test.ts'],
  },
  {
    fault: 'the audit row is written after the change, and a failure to write it is let pass',
    file: 'lib/store/dynamodb/items.ts',
    find: `    const TransactItems = compileWrite(plan, auditRows, tables, request);
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: TransactItems as never }));
`,
    replace: `    const TransactItems = compileWrite(plan, [], tables, request);
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: TransactItems as never }));
      await putAudit(client, tables.audit)(auditRows).catch(() => undefined);
`,
    tests: ['test/handlers/one-moment.test.ts'],
  },
  {
    fault: 'audit rows are keyed by time alone',
    file: 'lib/operations/request/audit-call.ts',
    find: 'id: ports.newId(),',
    replace: "id: '0',",
    tests: ['test/handlers/one-moment.test.ts'],
  },
  {
    fault: 'an update is written without a condition',
    file: 'lib/dynamo/transaction.ts',
    find: `  const condition = lockedCondition(writer, plan.lock, plan.policy);
  const update = updateExpression(plan.changes, writer);`,
    replace: `  const condition = writer.condition(any([exists([plan.table.partitionKey.name]), not(exists([plan.table.partitionKey.name]))]));
  const update = updateExpression(plan.changes, writer);`,
    tests: ['test/handlers/races.test.ts'],
  },
  {
    fault: 'a history keeps the fields of a deleted item when it is created again',
    file: 'lib/audit/history.ts',
    find: '    const { changes } = cluster;',
    replace: `    let kept: Item = {};
    const oldestFirst = cluster.changes.toReversed().map((change) => {
      kept = { ...kept, ...change.whole.after };
      return change.whole.after ? { ...change, whole: { ...change.whole, after: kept } } : change;
    });
    const changes = oldestFirst.toReversed();`,
    tests: ['test/handlers/history.test.ts'],
  },
  {
    fault: 'users, keys and groups have one name space',
    file: 'lib/access/principal.ts',
    find: 'if (!item || (kinds && kinds.length > 0 && !kinds.includes(kind))) return undefined;',
    replace: 'if (!item) return undefined;',
    tests: ['test/unit/access/principal.test.ts'],
  },
  {
    fault: 'claims are taken from the headers of whoever calls',
    file: 'lib/operations/request/principal-loader.ts',
    find: 'if (!this.#trustsProxies || !opened.own?.oidcProxy) {',
    replace: 'if (!this.#trustsProxies || (!person && !opened.own?.oidcProxy)) {',
    tests: ['test/unit/operations/request/principal-loader.test.ts', 'test/handlers/oidc.test.ts'],
  },
];
