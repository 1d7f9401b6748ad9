// Answers GET of the versions of one item, newest first, page by page, from the audit rows of its changes.

import { AuditPolicy } from '../../access/audit-policy.ts';
import { History, type HistoryPlace, type Version } from '../../audit/history.ts';
import { resourceKeys } from '../../audit/row.ts';
import { AuditViewer } from '../../audit/visible.ts';
import { ApiError } from '../../base/errors.ts';
import { OPERATIONS } from '../../definition/operations.ts';
import { auditFingerprint, resumed } from '../../plan/audit-place.ts';
import { type AuditPlan, planHistory } from '../../plan/audit-plan.ts';
import { MAX_LIMIT } from '../../query/page.ts';
import type { Parameter } from '../../query/query.ts';
import { Cursor } from '../read/cursor.ts';
import { Page } from '../read/page.ts';
import { pathKey } from '../request/path-key.ts';
import { onTable, type TableRequest } from '../request/request-context.ts';
import { auditQuery } from './audit.ts';

const PARAMETERS: readonly string[] = [...OPERATIONS.history.parameters, 'time__between'];

export const history = onTable(async (session) => {
  const { api, permission, call, ports, startedAt, table } = session;
  const key = pathKey(session);
  checkParameters(call.query);
  const { condition, page: asked } = auditQuery(session);
  const { limit = MAX_LIMIT } = asked;
  const policy = AuditPolicy.of(permission, api.tables, startedAt / 1e3);
  const plan = planHistory(policy, condition, { limit }, [resourceKeys(table, key, ports.digest).changes]);
  const cursor = new Cursor(session, policy.principal, auditFingerprint(plan));
  const place = (await cursor.read(asked.cursor)) as HistoryPlace | undefined;
  const { rows, next } = await readVersions(session, policy, plan, new Page(limit), place);
  if (rows.length === 0 && !next && !place) throw new ApiError('not_found');
  return { answer: { kind: 'rows', rows, ...(next && { next: await cursor.link(next) }) }, audit: 'due' };
});

type Versions = { readonly rows: readonly string[]; readonly next: HistoryPlace | undefined };

async function readVersions(
  session: TableRequest,
  auditPolicy: AuditPolicy,
  plan: AuditPlan,
  page: Page,
  place: HistoryPlace | undefined,
): Promise<Versions> {
  const { ports, startedAt, policy } = session;
  const viewer = new AuditViewer(auditPolicy, startedAt / 1e6);
  const versions = new History(viewer, policy.hidden, ports.digest, place);
  let next: HistoryPlace | undefined;
  const take = (found: readonly Version[]): boolean => {
    const refused = found.find(({ item }) => !page.add(item));
    next = refused?.place;
    return !refused;
  };
  const read = await ports.readAudit(resumed(plan, place), session.budget, (record) => take(versions.add(record)));
  if (read.ended === 'done') take(versions.end());
  if (read.ended === 'spent') next = versions.placeBehind(read.next);
  return { rows: page.rows, next };
}

/** @throws ApiError `invalid_query` */
function checkParameters(query: readonly Parameter[]): void {
  const unknown = query.filter(([name]) => !PARAMETERS.includes(name));
  const message = `is no parameter of a history; it has ${PARAMETERS.join(', ')}`;
  const faults = unknown.map(([path]) => ({ path, message }));
  if (faults.length > 0) throw new ApiError('invalid_query', undefined, faults);
}
