// What operators get with the stack: a dashboard, alarms on denied calls and on the audit, and an error tracker only
// where a DSN is configured.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import api from '#api';
import { BUNDLE_FILE, bundle } from '../../lib/infra/bundle.ts';
import { EXAMPLE, synth } from './synth-api.ts';

const DSN = 'https://key@errors.example.com/7';
const folder = mkdtempSync(join(tmpdir(), 'tablegate-dashboard-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plain = synth({ api });
const environments = (of: typeof plain) =>
  of
    .ofType('AWS::Lambda::Function')
    .map(({ Properties }) => Properties.Environment?.Variables ?? {})
    .filter((variables) => variables.ENDPOINT !== undefined);

describe('the dashboard', () => {
  const body = JSON.stringify(plain.ofType('AWS::CloudWatch::Dashboard')[0]?.Properties.DashboardBody);

  test.each([
    'Errors',
    'Throttles',
    'Duration',
    'ConsumedReadCapacityUnits',
    'ConsumedWriteCapacityUnits',
    '4XXError',
    '5XXError',
    'audit_failures',
    '{Tablegate,api,code}',
  ])('shows %s', (metric) => {
    expect(body).toContain(metric);
  });

  test('names every endpoint', () => {
    for (const { method, route } of api.endpoints) expect(body).toContain(`${method} ${route}`);
  });
});

test('denied calls and audit failures have an alarm, on the metrics that the functions write', () => {
  const [{ API_NAME: name } = { API_NAME: '' }] = environments(plain);
  expect(name).toMatch(/^\w+$/);
  expect(environments(plain).every(({ API_NAME }) => API_NAME === name)).toBe(true);
  const own = plain
    .ofType('AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties)
    .filter(({ Namespace }) => Namespace === 'Tablegate');
  expect(own.map(({ MetricName }) => MetricName).sort()).toEqual(['audit_failures', 'denied']);
  for (const alarm of own) {
    expect(alarm.Dimensions).toEqual([{ Name: 'api', Value: name }]);
    expect(alarm.TreatMissingData).toBe('notBreaching');
  }
});

test('an error tracker is told of only where a DSN is given', () => {
  expect(environments(plain).some((variables) => 'SENTRY_DSN' in variables)).toBe(false);
  expect(environments(synth({ api, sentryDsn: DSN })).every(({ SENTRY_DSN }) => SENTRY_DSN === DSN)).toBe(true);
});

test("the tracker's client is bundled only then", () => {
  const build = (trackErrors: boolean): string => {
    const outputFolder = join(folder, String(trackErrors));
    const folders = bundle({ operations: ['get'], definitionFile: EXAMPLE, outputFolder, trackErrors });
    return readFileSync(join(folders.get('get') ?? '', BUNDLE_FILE), 'utf8');
  };
  const [without, with_] = [build(false), build(true)];
  expect(with_).toContain('x-sentry-envelope');
  expect(without).not.toMatch(/sentry/i);
  expect(with_.length - without.length).toBeLessThan(4_096);
});
