// What roles may do, read from the synthesized template in words.

import { expect } from 'vitest';
import type { Resource, Synthesized } from './synth-api.ts';

type Statement = {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
  readonly Effect: string;
};

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** `items`, `items/index/by_status`, `own logs` or what CloudFormation was given. */
function nameOf(resource: unknown, role: string, { resources }: Synthesized): string {
  const parts = (resource as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join']?.[1] ?? [resource];
  const texts = parts.map((part) => {
    const id = (part as { 'Fn::GetAtt'?: [string, string] })['Fn::GetAtt']?.[0];
    if (id === undefined) return typeof part === 'string' ? part : JSON.stringify(part);
    const name = resources[id]?.Metadata?.tablegate?.name;
    return name ?? (id.replace(/Logs.*$/, '') === role.replace(/Role.*$/, '') ? 'own logs' : id);
  });
  return texts.join('');
}

/** The statements of a role. */
export function statementsOf(role: Resource): Statement[] {
  expect(role.Properties.ManagedPolicyArns).toBeUndefined();
  return role.Properties.Policies.flatMap(
    (policy: { PolicyDocument: { Statement: Statement[] } }) => policy.PolicyDocument.Statement,
  );
}

/** One action that a role may take on one resource, under a condition. */
export type Grant = { readonly action: string; readonly resource: string; readonly condition: unknown };

/** All that the function of an endpoint may do. */
export function grantsOf(endpoint: string, synthesized: Synthesized): Grant[] {
  const { resources, functionOf } = synthesized;
  const [role] = resources[functionOf(endpoint)]?.Properties.Role['Fn::GetAtt'] ?? [];
  return statementsOf(resources[role] as Resource).flatMap(({ Action, Resource, Condition, Effect }) =>
    listOf(Action).flatMap((action) =>
      listOf(Resource).map((resource) => {
        expect(Effect).toBe('Allow');
        return { action: String(action), resource: nameOf(resource, role, synthesized), condition: Condition };
      }),
    ),
  );
}

/** The same, each in one line: `dynamodb:GetItem items if {…}`. */
export function permissionsOf(endpoint: string, synthesized: Synthesized): string[] {
  return grantsOf(endpoint, synthesized)
    .map(({ action, resource, condition }) => {
      const suffix = condition === undefined ? '' : ` if ${JSON.stringify(condition)}`;
      return `${action} ${resource}${suffix}`;
    })
    .sort();
}
