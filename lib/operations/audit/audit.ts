// Answers GET of audit rows, newest first, page by page: of the whole API, or of one item.

import { AuditPolicy } from '../../access/audit-policy.ts';
import { resourceKeys, userKey } from '../../audit/row.ts';
import { shortenRow } from '../../audit/shorten.ts';
import { AuditViewer } from '../../audit/visible.ts';
import { type Item, mapOf, textOf } from '../../base/value.ts';
import type { Condition } from '../../condition/condition.ts';
import { fixedValues } from '../../condition/demand.ts';
import { evaluator } from '../../condition/evaluate.ts';
import type { Api } from '../../definition/api.ts';
import { traitsOf } from '../../definition/operations.ts';
import { type Table, table } from '../../definition/table.ts';
import { auditFingerprint, resumed } from '../../plan/audit-place.ts';
import { type AuditKeys, type AuditPlace, planAudit } from '../../plan/audit-plan.ts';
import { MAX_LIMIT } from '../../query/page.ts';
import { parseQuery, type Query } from '../../query/query.ts';
import { Cursor } from '../read/cursor.ts';
import { Page } from '../read/page.ts';
import { pathKey } from '../request/path-key.ts';
import type { Ports } from '../request/ports.ts';
import type { AuthorizedRequest, Operate } from '../request/request-context.ts';

/** The audit rows as a table for queries: its types decide how values in a query are parsed. */
const AUDIT_ROWS = table('audit', {
  partitionKey: { time: 'string' },
  sortKey: { id: 'string' },
  attributes: {
    action: 'string',
    outcome: 'string',
    method: 'string',
    path: 'string',
    request_id: 'string',
    expire_time: 'number',
  },
});

/** Parses the query on audit rows. Path parameters name the item and are no conditions on rows, whose `id` is another. */
export function auditQuery({ call, endpoint }: AuthorizedRequest): Query {
  return parseQuery(call.query, new Map(), AUDIT_ROWS, { takes: traitsOf(endpoint.operation).parameters });
}

export const audit: Operate = async (session) => {
  const { api, permission, ports, startedAt } = session;
  const policy = AuditPolicy.of(permission, api.tables, startedAt / 1e3);
  const item = namedItem(session);
  const { condition, paths, page: asked } = auditQuery(session);
  policy.checkQueried(paths, item?.table.name ?? namedTable(policy, condition), asksForOwn(policy, condition));
  const { limit = MAX_LIMIT } = asked;
  const plan = planAudit(policy, condition, { keys: auditKeys(ports), limit, now: startedAt / 1e3 }, item);
  const cursor = new Cursor(session, policy.principal, auditFingerprint(plan));
  const place = (await cursor.read(asked.cursor)) as AuditPlace | undefined;
  const page = new Page(limit, (row) => shortenRow(row, historyOf(api, row)));
  const viewer = new AuditViewer(policy, startedAt / 1e6);
  const matches = evaluator(condition);
  const read = await ports.readAudit(resumed(plan, place), session.budget, (record) => {
    // Evaluate the query on the pruned row, so that which rows match reveals nothing hidden.
    const shown = viewer.show(record);
    return shown && matches(shown) ? page.add(shown) : true;
  });
  const { rows } = page;
  if (read.ended !== 'done')
    return { answer: { kind: 'rows', rows, next: await cursor.link(read.next) }, audit: 'due' };
  const { from } = read;
  return { answer: { kind: 'rows', rows, ...(from !== undefined && { auditFrom: from }) }, audit: 'due' };
};

/** The item that the path names; `undefined` if the endpoint is not bound to a table. */
function namedItem({ endpoint, call }: AuthorizedRequest): { readonly table: Table; readonly key: Item } | undefined {
  const { table } = endpoint;
  return table && { table, key: pathKey({ table, call }) };
}

/** The route of the versions of a row's item; `undefined` if the API has none. */
function historyOf({ endpoints }: Api, row: Item): string | undefined {
  const name = textOf(mapOf(row, 'resource'), 'table');
  return endpoints.find((each) => each.operation === 'history' && each.table?.name === name)?.route;
}

/** The API's one table that the query names; `undefined` if there is none. */
function namedTable(policy: AuditPolicy, condition: Condition): string | undefined {
  const [name, other] = fixedValues(condition, ['resource', 'table']) ?? [];
  return name && 'S' in name && !other ? policy.policyOf(name.S)?.table.name : undefined;
}

/** Returns true if the query matches the caller's id only. Rows are pruned and checked in any case. */
function asksForOwn({ principal }: AuditPolicy, condition: Condition): boolean {
  const ids = fixedValues(condition, ['user', 'id']);
  const texts = ids?.flatMap((id) => ('S' in id ? [id.S] : [])) ?? [];
  return texts.length > 0 && texts.every((id) => id === principal.id);
}

function auditKeys({ digest }: Pick<Ports, 'digest'>): AuditKeys {
  return {
    resource: (of, key) => Object.values(resourceKeys(of, key, digest)),
    user: (type, id) => userKey(type, id, digest),
  };
}
