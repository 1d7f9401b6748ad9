// Creates all ports of one Lambda from its environment.

import type { Ports } from '../operations/request/ports.ts';
import { readAudit } from './audit/audit.ts';
import { createSeal } from './crypto/seal.ts';
import { createClient } from './dynamodb/client.ts';
import { putAudit, writeItem } from './dynamodb/items.ts';
import { readItems } from './dynamodb/read-items.ts';
import { loadRecords } from './dynamodb/records.ts';
import { findRequest } from './dynamodb/requests.ts';
import { limitTime } from './dynamodb/time-limit.ts';
import { createMeter } from './telemetry/meter.ts';
import { type World, world } from './world.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Creates the ports.
 * @param environment `DATA_TABLE`, `AUTH_TABLE`, `GROUPS_TABLE`, and `AUDIT_TABLE` if the API has an audit;
 *   `REQUESTS_TABLE` if the operation seals; `API_NAME` for the metrics
 * @throws Error if a variable is missing, with its name
 */
export function createPorts(environment: Environment, client = createClient(), around: World = world): Ports {
  // An endpoint without a table gets an empty name, which DynamoDB refuses.
  const data = environment['DATA_TABLE'] ?? '';
  const audit = environment['AUDIT_TABLE'];
  const requests = environment['REQUESTS_TABLE'] ?? '';
  const records = { auth: required(environment, 'AUTH_TABLE'), groups: required(environment, 'GROUPS_TABLE') };
  const meter = createMeter(client, environment);
  const gauged = { ...around, consumed: meter.consumed };
  return {
    ...around,
    begin: limitTime(client, around),
    loadRecords: loadRecords(client, records, around),
    ...readItems(client, data, gauged),
    write: writeItem(client, { data, audit, requests }),
    findRequest: findRequest(client, requests),
    ...createSeal(client, requests, around),
    putAudit: putAudit(client, audit),
    readAudit: readAudit(client, audit, gauged),
    meter,
  };
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is not set`);
  return value;
}
