// Lambda: user.

import { user } from '../lib/operations/user/user.ts';
import { compose } from './compose.ts';

export const handler = compose(user);
