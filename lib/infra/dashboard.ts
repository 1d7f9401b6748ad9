// Makes the dashboard of an API: its answers, latencies, consumed capacity and denials.

import { Duration } from 'aws-cdk-lib';
import type { RestApi, Stage } from 'aws-cdk-lib/aws-apigateway';
import type { IHttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Endpoint } from '../definition/endpoint.ts';
import { metricOf, NAMESPACE } from './metrics.ts';

export interface DashboardProps {
  readonly functions: ReadonlyMap<Endpoint, IFunction>;
  readonly restApi?: RestApi | undefined;
  readonly httpApi?: IHttpStage | undefined;
  /** The tables by their names in the graphs. */
  readonly tables: ReadonlyMap<string, ITable>;
  /** The deployment's name in its metrics. */
  readonly apiName: string;
}

const period = Duration.minutes(5);
const HALF = 12;
const HEIGHT = 6;

export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { functions, restApi, httpApi, tables, apiName }: DashboardProps) {
    super(scope, id);
    const answers = [
      ...(restApi ? answersOf(restApi.deploymentStage, 'API keys') : []),
      ...(httpApi ? answersOf(httpApi, 'tokens') : []),
    ];
    const [errors, throttles, latency] = functionGraphs([...functions]);
    new CloudWatchDashboard(this, 'Page', {
      widgets: [
        [graph('Answers', answers), graph('Denied calls by code', deniedBy(apiName))],
        [errors, throttles],
        [latency, graph('Audit rows that could not be written', [metricOf('audit_failures', { api: apiName })])],
        tableGraphs([...tables]),
      ],
    });
  }
}

function functionGraphs(functions: readonly (readonly [Endpoint, IFunction])[]) {
  const each = (metric: (lambda: IFunction, label: string) => IMetric): IMetric[] =>
    functions.map(([{ method, route }, lambda]) => metric(lambda, `${method} ${route}`));
  return [
    graph(
      'Errors',
      each((lambda, label) => lambda.metricErrors({ period, label })),
    ),
    graph(
      'Throttles',
      each((lambda, label) => lambda.metricThrottles({ period, label })),
    ),
    graph(
      'Latency, p99',
      each((lambda, label) => lambda.metricDuration({ period, label, statistic: 'p99' })),
    ),
  ] as const;
}

function tableGraphs(tables: readonly (readonly [string, ITable])[]): GraphWidget[] {
  const read = tables.map(([label, table]) => table.metricConsumedReadCapacityUnits({ period, label }));
  const written = tables.map(([label, table]) => table.metricConsumedWriteCapacityUnits({ period, label }));
  return [graph('Read units', read), graph('Write units', written)];
}

function graph(title: string, left: readonly IMetric[]): GraphWidget {
  return new GraphWidget({ title, left: [...left], width: HALF, height: HEIGHT });
}

/** The answers of a stage by status, with API Gateway's own refusals, which reach no function. */
function answersOf(stage: Stage | IHttpStage, callers: string): IMetric[] {
  return [
    stage.metricCount({ period, label: `${callers}: all` }),
    stage.metricClientError({ period, label: `${callers}: 400 range`, statistic: 'Sum' }),
    stage.metricServerError({ period, label: `${callers}: 500 range`, statistic: 'Sum' }),
  ];
}

/** The denials by code, for all codes that occur. */
function deniedBy(apiName: string): IMetric[] {
  const search = `SEARCH('{${NAMESPACE},api,code} MetricName="denied" api="${apiName}"', 'Sum')`;
  return [new MathExpression({ expression: search, usingMetrics: {}, label: '', period })];
}
