// All ports of one Lambda, from its environment.

import type { Ports } from '../operations/ports.ts';
import { readAudit } from './audit.ts';
import { createClient } from './client.ts';
import { putAudit, writeItem } from './items.ts';
import { createMeter } from './meter.ts';
import { readItems } from './read-items.ts';
import { loadRecords } from './records.ts';
import { findRequest } from './requests.ts';
import { createSeal } from './seal.ts';
import { limitTime } from './time-limit.ts';
import { type World, world } from './world.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param environment `DATA_TABLE`, `AUTH_TABLE`, `GROUPS_TABLE`, and `AUDIT_TABLE` where the API keeps an audit;
 *   `REQUESTS_TABLE` where the operation seals; `API_NAME` for the metrics
 * @throws Error that names a variable that is missing
 */
export function createPorts(environment: Environment, client = createClient(), around: World = world): Ports {
  // An endpoint about no table has none: whoever reads data there meets a name that DynamoDB refuses.
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
