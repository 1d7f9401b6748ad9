// Makes the alarms: on each function's errors, throttles and slowest answers, on 5xx answers, on many denied calls and on
// audit rows that could not be written.

import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IHttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Endpoint } from '../definition/endpoint.ts';
import { metricOf } from './metrics.ts';

export interface AlarmsProps {
  readonly functions: ReadonlyMap<Endpoint, IFunction>;
  readonly restApi?: RestApi | undefined;
  readonly httpApi?: IHttpStage | undefined;
  /** The deployment's name in its metrics. */
  readonly apiName: string;
  /** Receives each alarm. @default nobody: the alarms show in CloudWatch only */
  readonly topic?: ITopic | undefined;
}

type Watch = {
  readonly metric: IMetric;
  readonly description: string;
  /** The least value that sets off the alarm. */
  readonly threshold: number;
  /** The number of periods of five minutes. */
  readonly periods: number;
};

const period = Duration.minutes(5);
/** The latency that alarms, a quarter of the run-time's budget of 20 s: before any read is cut off. */
const SLOW_MS = 5_000;
/** The denials that alarm, more than typing mistakes make. */
const MANY_DENIED = 100;

export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { functions, restApi, httpApi, topic, apiName }: AlarmsProps) {
    super(scope, id);
    const add = (where: Construct, name: string, { metric, description, threshold, periods }: Watch): void => {
      const alarm = new Alarm(where, name, {
        metric,
        threshold,
        alarmDescription: description,
        evaluationPeriods: periods,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // No data means no call.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      if (topic) alarm.addAlarmAction(new SnsAction(topic));
    };
    for (const [{ method, route }, lambda] of functions) {
      const where = new Construct(this, `${method} ${route.slice(1).replaceAll('/', ' ')}`);
      for (const [name, watch] of Object.entries(functionWatches(`${method} ${route}`, lambda))) {
        add(where, name, watch);
      }
    }
    if (restApi) add(this, 'ServerErrors', apiWatch(restApi.deploymentStage.metricServerError({ period })));
    if (httpApi) add(this, 'HttpServerErrors', apiWatch(httpApi.metricServerError({ period, statistic: 'Sum' })));
    for (const [name, watch] of Object.entries(callWatches(apiName))) add(this, name, watch);
  }
}

function functionWatches(endpoint: string, lambda: IFunction): Record<string, Watch> {
  return {
    Errors: {
      metric: lambda.metricErrors({ period }),
      description: `${endpoint} crashed or ran out of time`,
      threshold: 1,
      periods: 1,
    },
    Throttles: {
      metric: lambda.metricThrottles({ period }),
      description: `${endpoint} was refused by Lambda: as many run as the account's quota or the function's reservation has`,
      threshold: 1,
      periods: 1,
    },
    Slow: {
      metric: lambda.metricDuration({ period, statistic: 'p99' }),
      description: `One call in a hundred of ${endpoint} takes ${SLOW_MS / 1000} s or more`,
      threshold: SLOW_MS,
      periods: 3,
    },
  };
}

/** The alarms of the whole API. One for each function would cost more and say no more than the dashboard. */
function callWatches(apiName: string): Record<string, Watch> {
  return {
    Denied: {
      metric: metricOf('denied', { api: apiName }),
      description: `${MANY_DENIED} calls or more were denied in five minutes: somebody tries doors, or lost a permission`,
      threshold: MANY_DENIED,
      periods: 1,
    },
    AuditFailures: {
      metric: metricOf('audit_failures', { api: apiName }),
      description: 'An audit row could not be written',
      threshold: 1,
      periods: 1,
    },
  };
}

function apiWatch(metric: IMetric): Watch {
  return {
    metric,
    description: 'Callers of the API got answers of the 500 range',
    threshold: 1,
    periods: 1,
  };
}
