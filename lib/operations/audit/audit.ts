// GET of audit rows, newest first, page by page: of the whole API, or of one item.

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
import type { Operate, AuthorizedRequest } from '../request/request-context.ts';

/** What queries know of audit rows: attributes whose values are read as their type. */
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

/** The query on audit rows. The path names the item; its parameters are no conditions on them, whose `id` is another. */
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
    // Asked of the row as it is shown, not as it is stored: which rows a query finds tells nothing that is not shown.
    const shown = viewer.show(record);
    return shown && matches(shown) ? page.add(shown) : true;
  });
  const { rows } = page;
  if (read.ended !== 'done')
    return { answer: { kind: 'rows', rows, next: await cursor.link(read.next) }, audit: 'due' };
  const { from } = read;
  return { answer: { kind: 'rows', rows, ...(from !== undefined && { auditFrom: from }) }, audit: 'due' };
};

/** The item of an endpoint that is bound to a table. */
function namedItem({ endpoint, call }: AuthorizedRequest): { readonly table: Table; readonly key: Item } | undefined {
  const { table } = endpoint;
  return table && { table, key: pathKey({ table, call }) };
}

/** Where the API shows the versions of the item that a row is about. */
function historyOf({ endpoints }: Api, row: Item): string | undefined {
  const name = textOf(mapOf(row, 'resource'), 'table');
  return endpoints.find((each) => each.operation === 'history' && each.table?.name === name)?.route;
}

/** The one table that the query is about, if it is one of the API's. */
function namedTable(policy: AuditPolicy, condition: Condition): string | undefined {
  const [name, other] = fixedValues(condition, ['resource', 'table']) ?? [];
  return name && 'S' in name && !other ? policy.policyOf(name.S)?.table.name : undefined;
}

/** Whether the query takes the caller's id alone. The rows are held to what is shown of them in any case. */
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
