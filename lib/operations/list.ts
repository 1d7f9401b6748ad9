// GET of every visible item that meets the query.

import { readQuery } from './read-query.ts';
import { readRows } from './read-rows.ts';
import { onTable } from './session.ts';

export const list = onTable(async (session) => {
  const { condition, limit } = readQuery(session);
  return { answer: { kind: 'ok', body: await readRows(session, condition, limit) }, audit: 'due' };
});
