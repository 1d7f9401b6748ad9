// POST of values: every visible item of which one attribute has one of them.

import { checkQueried } from '../access/write-access.ts';
import { parseSearch } from '../query/search.ts';
import { readRows } from './read-rows.ts';
import { onTable } from './session.ts';

export const search = onTable(async (session) => {
  const { call, policy } = session;
  const { condition, path, values, limit } = parseSearch(
    call.pathParameters.get('search_key') ?? '',
    call.query,
    call.body,
  );
  checkQueried(policy, [path]);
  const body = await readRows(session, condition, limit);
  return { answer: { kind: 'ok', body }, audit: 'due', about: { body: values } };
});
