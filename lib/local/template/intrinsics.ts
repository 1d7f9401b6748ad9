// The few CloudFormation functions that CDK writes into what the local runtime reads, resolved to text.

import { UsageError } from '../usage-error.ts';

/** A resource of a template, as it stands there. */
export type Resource = {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
};

/** The names of resources on this machine: `Ref` by logical id, and the ARN if they have one. */
export type PhysicalNames = ReadonlyMap<string, { readonly ref: string; readonly arn?: string }>;

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

const PSEUDO: ReadonlyMap<string, string> = new Map([
  ['AWS::Region', REGION],
  ['AWS::AccountId', ACCOUNT],
  ['AWS::Partition', 'aws'],
  ['AWS::URLSuffix', 'amazonaws.com'],
  ['AWS::StackName', 'tablegate-local'],
]);

/**
 * The text of a template value. `where` names it in the error.
 * @throws UsageError for a function or a reference that has no meaning on this machine.
 */
export function resolveText(value: unknown, names: PhysicalNames, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const [name, argument] = intrinsic(value);
  if (name === 'Ref' && typeof argument === 'string') {
    const text = PSEUDO.get(argument) ?? names.get(argument)?.ref;
    if (text !== undefined) return text;
  }
  if (name === 'Fn::GetAtt' && Array.isArray(argument) && argument[1] === 'Arn') {
    const arn = names.get(String(argument[0]))?.arn;
    if (arn !== undefined) return arn;
  }
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    return argument[1].map((part) => resolveText(part, names, where)).join(String(argument[0]));
  }
  throw new UsageError(`${where} is ${JSON.stringify(value)}, which the local runtime cannot resolve`);
}

function intrinsic(value: unknown): readonly [string, unknown] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return entries.length === 1 && entries[0] ? entries[0] : ['', undefined];
}

/** The logical ids that a value refers to, at any depth. */
export function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  const [name, argument] = intrinsic(value);
  if (name === 'Ref') return [String(argument)];
  if (name === 'Fn::GetAtt')
    return [Array.isArray(argument) ? String(argument[0]) : (String(argument).split('.')[0] ?? '')];
  return Object.values(value).flatMap(references);
}
