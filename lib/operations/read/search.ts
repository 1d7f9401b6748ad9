// Answers POST of a list of values: the visible items whose attribute has one of them.

import { parseSearch } from '../../query/search.ts';
import { onTable } from '../request/request-context.ts';
import { readPage } from './read-page.ts';

export const search = onTable(async (session) => {
  const { call, policy } = session;
  const { condition, path, values, page } = parseSearch(
    call.pathParameters.get('search_key') ?? '',
    call.query,
    call.body,
  );
  policy.checkQueried([path]);
  return { answer: await readPage(session, condition, page), audit: 'due', about: { body: values } };
});
