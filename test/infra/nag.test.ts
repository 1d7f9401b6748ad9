// cdk-nag's AWS Solutions rules: nothing to say of the stack but what lib/infra acknowledges with a reason.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import api from '#api';
import { newApp, newStack } from './synth-api.ts';

function checked() {
  const app = newApp();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { app, stack: newStack({ api }, app) };
}

test('the example is clean', () => {
  expect(() => checked().app.synth()).not.toThrow();
});

test('the rules see what is wrong, and only that', () => {
  const { app, stack } = checked();
  new Table(stack, 'Careless', { partitionKey: { name: 'id', type: AttributeType.STRING } });
  expect(() => app.synth()).toThrow('AwsSolutions-DDB3');
  const report = join(app.outdir, 'validation-report.json');
  const rules = readFileSync(report, 'utf8').match(/AwsSolutions-[A-Z]+\d+/g);
  expect(new Set(rules)).toEqual(new Set(['AwsSolutions-DDB3']));
});
