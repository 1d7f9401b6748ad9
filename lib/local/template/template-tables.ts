// The tables of a synthesized stack: their names on this machine, and how to create them.

import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { UsageError } from '../usage-error.ts';
import type { Resource } from './intrinsics.ts';
import { listAt, objectAt, type Properties, textAt } from './properties.ts';

export type TableModel = {
  readonly kind: 'data' | 'auth' | 'groups' | 'audit' | 'requests';
  /** The name in the definition; the kind for the tables that every API has. */
  readonly logicalName: string;
  /** The name on this machine: readable, and the same on each run, so that kept data is found again. */
  readonly name: string;
  readonly create: CreateTableCommandInput;
  /** The attribute that holds when an item expires. */
  readonly ttl?: string;
};

const INDEX_KINDS = ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'] as const;
const TABLE_TYPES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

/** Every table's name by logical id. */
export function tableNames(resources: ReadonlyMap<string, Resource>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [logicalId, resource] of resources) {
    if (!TABLE_TYPES.includes(resource.Type)) continue;
    const name = textAt(resource.Properties, 'TableName') ?? purpose(logicalId, resource).logicalName;
    // A data table may be called `auth` too: its logical id tells it apart.
    names.set(logicalId, [...names.values()].includes(name) ? logicalId : name);
  }
  return names;
}

/** The template's metadata says which table is which: its names are made by CloudFormation. */
function purpose(logicalId: string, { Metadata }: Resource): Pick<TableModel, 'kind' | 'logicalName'> {
  const metadata = objectAt(Metadata, 'tablegate');
  const kind = textAt(metadata, 'kind');
  const logicalName = textAt(metadata, 'name');
  if (kind === undefined || logicalName === undefined) {
    throw new UsageError(`table ${logicalId} of the synthesized app has no metadata that says what it is for`);
  }
  return { kind: kind as TableModel['kind'], logicalName };
}

export function readTable(logicalId: string, name: string, resource: Resource): TableModel {
  const properties: Properties = resource.Properties ?? {};
  const indexesAt = (kind: (typeof INDEX_KINDS)[number]) =>
    listAt(properties, kind).map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
  const indexes = INDEX_KINDS.map((kind) => [kind, indexesAt(kind)] as const).filter(([, each]) => each.length > 0);
  const create = {
    TableName: name,
    AttributeDefinitions: properties['AttributeDefinitions'],
    KeySchema: properties['KeySchema'],
    BillingMode: 'PAY_PER_REQUEST',
    ...Object.fromEntries(indexes),
  } as CreateTableCommandInput;
  const ttl = textAt(objectAt(properties, 'TimeToLiveSpecification'), 'AttributeName');
  return { ...purpose(logicalId, resource), name, create, ...(ttl !== undefined && { ttl }) };
}
