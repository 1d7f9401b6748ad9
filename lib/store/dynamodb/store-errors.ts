// What DynamoDB and the network say → errors of the catalogue. Their words stay in the log.

import { ApiError } from '../../base/errors.ts';

const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'ThrottlingException',
  'ThrottlingError',
  'TooManyRequestsException',
]);
const OUT_OF_REACH = new Set([
  'InternalServerError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TimeoutError',
  // The very transaction that was sent before, without an answer: what becomes of it is open.
  'TransactionInProgressException',
  // An answer that is no JSON: it came from elsewhere, or not whole.
  'SyntaxError',
]);

type AwsError = Error & {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly CancellationReasons?: ReadonlyArray<{ readonly Code?: string; readonly Message?: string }>;
  readonly code?: string;
};

/** What DynamoDB answers. @throws `storeError` of its refusal */
export async function sent<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw storeError(error);
  }
}

/** The error as the caller may learn of it; a defect stays as it is. */
export function storeError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ApiError) return error;
  const codes = [error.name, ...cancellationCodes(error)];
  if (codes.some(isThrottled)) return refusal('throttled', error);
  if (OUT_OF_REACH.has(error.name) || isNetworkError(error)) return refusal('unavailable', error);
  if (isTooLarge(error)) return refusal('too_large', error);
  return error;
}

/** Whether that is the name of an error, or of a reason to cancel a transaction, for want of capacity. */
export function isThrottled(code: string): boolean {
  return THROTTLED.has(code);
}

/** The code of each action of a cancelled transaction, in order; `None` where an action was not at fault. */
export function cancellationCodes(error: unknown): readonly string[] {
  const reasons = (error as AwsError).CancellationReasons ?? [];
  return reasons.map(({ Code = 'None' }) => Code);
}

function refusal(code: 'throttled' | 'unavailable' | 'too_large', error: Error): ApiError {
  return new ApiError(code, undefined, [], `${error.name}: ${error.message}`);
}

/** Errors without an answer: no connection, a connection that broke, or a server fault without a name. */
function isNetworkError(error: AwsError): boolean {
  const status = error.$metadata?.httpStatusCode;
  const isAnswered = status !== undefined && status < 500;
  return (
    !isAnswered && (error.code !== undefined || status !== undefined || /socket|connect|ECONN/i.test(error.message))
  );
}

function isTooLarge(error: AwsError): boolean {
  const messages = [error.message, ...(error.CancellationReasons ?? []).map(({ Message = '' }) => Message)];
  return messages.some((message) => /item size/i.test(message));
}
