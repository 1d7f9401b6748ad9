// Answers GET of the visible items that match the query, page by page.

import { onTable } from '../request/request-context.ts';
import { readPage } from './read-page.ts';
import { readQuery } from './read-query.ts';

export const list = onTable(async (session) => {
  const { condition, page } = readQuery(session);
  return { answer: await readPage(session, condition, page), audit: 'due' };
});
