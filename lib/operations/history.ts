// GET of the versions of one item, newest first, from the audit rows of its changes.

import { AuditPolicy } from '../access/audit-policy.ts';
import { History } from '../audit/history.ts';
import { resourceKeys } from '../audit/row.ts';
import { AuditViewer } from '../audit/visible.ts';
import { ApiError } from '../base/errors.ts';
import { planHistory } from '../plan/audit-plan.ts';
import { MAX_LIMIT } from '../query/page.ts';
import { type Parameter, parseQuery } from '../query/query.ts';
import { AUDIT_ROWS } from './audit.ts';
import { Page } from './audit-page.ts';
import { pathKey } from './get.ts';
import { onTable } from './session.ts';

const PARAMETERS = ['_limit', 'time__between'];
const NO_PARAMETERS: ReadonlyMap<string, string> = new Map();

export const history = onTable(async (session) => {
  const { api, permission, call, ports, startedAt, table, policy } = session;
  const key = pathKey(session);
  checkParameters(call.query);
  const {
    condition,
    page: { limit },
  } = parseQuery(call.query, NO_PARAMETERS, AUDIT_ROWS);
  const auditPolicy = AuditPolicy.of(permission, api.tables, startedAt / 1e3);
  const { changes } = resourceKeys(table, key, ports.digest);
  const plan = planHistory(auditPolicy, condition, { limit: limit ?? MAX_LIMIT }, [changes]);
  const versions = new History(new AuditViewer(auditPolicy, startedAt / 1e6), policy.hidden);
  const page = new Page(limit);
  await ports.readAudit(plan, (record) => page.add(versions.add(record)));
  page.add(versions.end());
  if (page.isEmpty) throw new ApiError('not_found');
  return { answer: { kind: 'ok', body: page.body() }, audit: 'due' };
});

/** @throws ApiError `invalid_query` */
function checkParameters(query: readonly Parameter[]): void {
  const unknown = query.filter(([name]) => !PARAMETERS.includes(name));
  const message = `is no parameter of a history; it has ${PARAMETERS.join(' and ')}`;
  const faults = unknown.map(([path]) => ({ path, message }));
  if (faults.length > 0) throw new ApiError('invalid_query', undefined, faults);
}
