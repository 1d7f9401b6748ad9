// Converts errors of DynamoDB and the network to errors of the catalogue. Their messages only go to the log.

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
  // An earlier try of the same transaction is still executing: its outcome is unknown.
  'TransactionInProgressException',
  // The answer is no JSON: it came from elsewhere, or is not complete.
  'SyntaxError',
]);

type AwsError = Error & {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly CancellationReasons?: ReadonlyArray<{ readonly Code?: string; readonly Message?: string }>;
  readonly code?: string;
};

/** Awaits an answer. @throws `storeError` of its rejection */
export async function sent<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw storeError(error);
  }
}

/** Converts an error to one that the caller may see; a defect is returned as it is. */
export function storeError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ApiError) return error;
  const codes = [error.name, ...cancellationCodes(error)];
  if (codes.some(isThrottled)) return refusal('throttled', error);
  if (OUT_OF_REACH.has(error.name) || isNetworkError(error)) return refusal('unavailable', error);
  if (isTooLarge(error)) return refusal('too_large', error);
  return error;
}

/** True if an error's name, or the code of a cancelled transaction, means throttling. */
export function isThrottled(code: string): boolean {
  return THROTTLED.has(code);
}

/** Returns the code of each action of a cancelled transaction, in order; `None` if an action was not at fault. */
export function cancellationCodes(error: unknown): readonly string[] {
  const reasons = (error as AwsError).CancellationReasons ?? [];
  return reasons.map(({ Code = 'None' }) => Code);
}

function refusal(code: 'throttled' | 'unavailable' | 'too_large', error: Error): ApiError {
  return new ApiError(code, undefined, [], `${error.name}: ${error.message}`);
}

/** True for errors without an answer: no connection, a broken one, or a server fault without a name. */
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
