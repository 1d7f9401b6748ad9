// Refers to the metrics that the functions write into their log lines (lib/http/request-log.ts).

import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

export const NAMESPACE = 'Tablegate';

/** The sum of a metric over five minutes. */
export function metricOf(
  metricName: 'denied' | 'audit_failures',
  dimensions: Readonly<Record<string, string>>,
): Metric {
  return new Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: dimensions,
    statistic: 'Sum',
    period: Duration.minutes(5),
  });
}
