// Reads a synthesized stack (cdk.out) into a plain model of what the local runtime serves. It sees the template that
// would be deployed and nothing else, so that what runs here is what would run there.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../usage-error.ts';
import { ACCOUNT, type PhysicalNames, REGION, type Resource, resolveText } from './intrinsics.ts';
import { numberAt, objectAt, type Properties, textAt } from './properties.ts';
import { type HttpApiModel, readHttpApi } from './template-http-api.ts';
import { type GatewayResponse, type RouteModel, readGatewayResponses, readRoutes } from './template-routes.ts';
import { readTable, type TableModel, tableNames } from './template-tables.ts';

export type FunctionModel = {
  readonly logicalId: string;
  readonly name: string;
  /** Folder with the bundle. */
  readonly directory: string;
  /** `index.handler`: file and export. */
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
};

export type CloudModel = {
  readonly stage: string;
  /** The routes of the REST API; none if the stack has only an HTTP API. */
  readonly routes: readonly RouteModel[];
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
  readonly httpApi?: HttpApiModel | undefined;
  readonly functions: ReadonlyMap<string, FunctionModel>;
  readonly tables: readonly TableModel[];
};

const APIS = ['AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api'];

type Stack = { readonly name: string; readonly directory: string; readonly resources: ReadonlyMap<string, Resource> };

/** The model of the stack in `directory` that has an API. Throws UsageError for what cannot be served here. */
export function readTemplate(directory: string): CloudModel {
  const stack = stacks(directory).find(({ resources }) => APIS.some((type) => ofType(resources, type).length > 0));
  if (!stack) throw new UsageError('the synthesized app has no API to serve; set auth in the definition');
  const { resources } = stack;
  const tables = tableNames(resources);
  const names = physicalNames(resources, tables);
  const stage = ofType(resources, 'AWS::ApiGateway::Stage')[0]?.[1].Properties;
  return {
    stage: textAt(stage, 'StageName') ?? 'prod',
    routes: readRoutes(resources),
    gatewayResponses: readGatewayResponses(resources),
    httpApi: readHttpApi(resources),
    functions: readFunctions(stack, names),
    tables: [...tables].map(([id, name]) => readTable(id, name, resources.get(id) ?? { Type: '' })),
  };
}

function stacks(directory: string): readonly Stack[] {
  const manifest = readJson(join(directory, 'manifest.json'));
  return Object.entries(objectAt(manifest, 'artifacts')).flatMap(([name, artifact]) => {
    const file = textAt(objectAt(artifact as Properties, 'properties'), 'templateFile');
    if (file === undefined || textAt(artifact as Properties, 'type') !== 'aws:cloudformation:stack') return [];
    const resources = objectAt(readJson(join(directory, file)), 'Resources') as Record<string, Resource>;
    return [{ name, directory, resources: new Map(Object.entries(resources)) }];
  });
}

function readJson(file: string): Properties {
  if (!existsSync(file)) throw new UsageError(`the synthesized app has no ${file}; does bin/app.ts call synth()?`);
  return JSON.parse(readFileSync(file, 'utf8')) as Properties;
}

/** The resources of one type with their logical ids. */
function ofType(resources: ReadonlyMap<string, Resource>, type: string): readonly (readonly [string, Resource])[] {
  return [...resources].filter(([, resource]) => resource.Type === type);
}

function physicalNames(resources: ReadonlyMap<string, Resource>, tables: ReadonlyMap<string, string>): PhysicalNames {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
  const names = new Map<string, { ref: string; arn?: string }>();
  for (const [id, name] of tables) names.set(id, { ref: name, arn: arn('dynamodb', `table/${name}`) });
  for (const [id] of ofType(resources, 'AWS::Lambda::Function')) {
    names.set(id, { ref: id, arn: arn('lambda', `function:${id}`) });
  }
  for (const [id] of ofType(resources, 'AWS::ApiGateway::RestApi')) names.set(id, { ref: 'local' });
  return names;
}

function readFunctions(stack: Stack, names: PhysicalNames): ReadonlyMap<string, FunctionModel> {
  const assets = assetDirectories(stack);
  const functions = new Map<string, FunctionModel>();
  for (const [logicalId, { Properties: properties }] of ofType(stack.resources, 'AWS::Lambda::Function')) {
    const directory = assets.get(assetHash(properties));
    // CDK's own helpers (log retention, for one) hold their code inline and serve no route.
    if (directory === undefined) continue;
    const variables = Object.entries(objectAt(objectAt(properties, 'Environment'), 'Variables'));
    const text = ([name, value]: [string, unknown]) =>
      [name, resolveText(value, names, `the variable ${name} of function ${logicalId}`)] as const;
    functions.set(logicalId, {
      logicalId,
      name: textAt(properties, 'FunctionName') ?? logicalId,
      directory,
      handler: textAt(properties, 'Handler') ?? 'index.handler',
      runtime: textAt(properties, 'Runtime') ?? 'nodejs',
      timeoutSeconds: numberAt(properties, 'Timeout') ?? 3,
      memoryMb: numberAt(properties, 'MemorySize') ?? 128,
      environment: Object.fromEntries(variables.map(text)),
    });
  }
  return functions;
}

/** The asset a function's code is: CDK calls the object in its bucket `<hash>.zip`. */
function assetHash(properties: Properties | undefined): string {
  return (textAt(objectAt(properties, 'Code'), 'S3Key') ?? '').replace(/\.zip$/, '');
}

function assetDirectories({ name, directory }: Stack): ReadonlyMap<string, string> {
  const file = join(directory, `${name}.assets.json`);
  if (!existsSync(file)) return new Map();
  const entries = Object.entries(objectAt(readJson(file), 'files')).flatMap(([hash, asset]) => {
    const source = objectAt(asset as Properties, 'source');
    const path = textAt(source, 'path');
    return path !== undefined && textAt(source, 'packaging') === 'zip' ? [[hash, join(directory, path)] as const] : [];
  });
  return new Map(entries);
}
