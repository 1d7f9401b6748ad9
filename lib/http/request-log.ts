// Writes the one log line of a request, from which CloudWatch extracts its metrics. Of what a caller sent or a table holds
// the line has the principal's id only.
// Source: the embedded metric format's specification in the CloudWatch user guide.

import { ApiError, type ErrorCode } from '../base/errors.ts';
import type { Endpoint } from '../definition/endpoint.ts';
import type { LogLevel, Ports } from '../operations/request/ports.ts';
import type { Telemetry } from '../operations/request/telemetry.ts';

/** The telemetry and the ports that the log line is made from. */
export type Reported = { readonly telemetry: Telemetry; readonly ports: Pick<Ports, 'log' | 'now' | 'meter'> };

export type Outcome = {
  readonly requestId: string;
  readonly status: number;
  /** The error that the request failed with; `undefined` if it succeeded. */
  readonly error: unknown;
};

/** The metrics' namespace; alarms and the dashboard name it too. */
const NAMESPACE = 'Tablegate';

/** The codes that count as denied. `not_found` is not one: most of those items are simply absent. */
const DENIED: readonly ErrorCode[] = [
  'unauthenticated',
  'not_authorized',
  'endpoint_not_permitted',
  'field_not_permitted',
  'row_not_permitted',
];

/** Metrics of requests. Dimensions are few and bounded: CloudWatch bills each combination as a metric. */
const REQUESTS = directive([['api', 'operation', 'code']], { requests: 'Count' });
const WORK = directive([['api', 'operation']], { duration: 'Milliseconds', read_units: 'Count', write_units: 'Count' });
const DENIALS = directive([['api'], ['api', 'code']], { denied: 'Count' });
const AUDIT = directive([['api']], { audit_failures: 'Count' });

function directive(Dimensions: readonly (readonly string[])[], units: Readonly<Record<string, string>>) {
  return { Namespace: NAMESPACE, Dimensions, Metrics: Object.entries(units).map(([Name, Unit]) => ({ Name, Unit })) };
}

/** Logs a finished request, and reports a defect to the error tracker if one is configured. */
export async function report(endpoint: Endpoint, reported: Reported, outcome: Outcome): Promise<void> {
  logRequest(endpoint, reported, outcome);
  const { error, requestId } = outcome;
  const { track } = reported.ports.meter;
  if (!track || codeOf(error) !== 'internal') return;
  const { operation, method, route } = endpoint;
  await track({ requestId, operation, method, route, error, breadcrumbs: reported.telemetry.spans });
}

function logRequest(endpoint: Endpoint, reported: Reported, outcome: Outcome): void {
  const { telemetry, ports } = reported;
  const { error, status } = outcome;
  const reason = error instanceof ApiError ? error.reason : undefined;
  const isDefect = error !== undefined && !(error instanceof ApiError);
  ports.log(levelOf(status, reason), 'request', {
    ...metrics(reported, error),
    request_id: outcome.requestId,
    trace_id: ports.meter.trace(),
    principal_id: telemetry.principal?.id,
    principal_kind: telemetry.principal?.kind,
    operation: endpoint.operation,
    method: endpoint.method,
    route: endpoint.route,
    status,
    plan: telemetry.plan,
    stages: Object.fromEntries([...telemetry.stages].map(([stage, milliseconds]) => [stage, rounded(milliseconds)])),
    ...(reason !== undefined && { reason }),
    ...(isDefect && { error }),
  });
}

function levelOf(status: number, reason: string | undefined): LogLevel {
  if (status >= 500) return 'error';
  return reason === undefined ? 'info' : 'warn';
}

function metrics({ ports, telemetry: { total, units, auditFailures } }: Reported, error: unknown) {
  const code = codeOf(error);
  const isDenied = DENIED.some((denied) => denied === code);
  return {
    _aws: {
      Timestamp: Math.floor(ports.now() / 1e3),
      CloudWatchMetrics: [REQUESTS, WORK, ...(isDenied ? [DENIALS] : []), ...(auditFailures > 0 ? [AUDIT] : [])],
    },
    api: ports.meter.api,
    code,
    requests: 1,
    duration: rounded(total),
    read_units: units.read,
    write_units: units.write,
    ...(isDenied && { denied: 1 }),
    ...(auditFailures > 0 && { audit_failures: auditFailures }),
  };
}

function codeOf(error: unknown): ErrorCode | 'ok' {
  if (error === undefined) return 'ok';
  return error instanceof ApiError ? error.code : 'internal';
}

/** Rounds to a tenth of a millisecond. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
