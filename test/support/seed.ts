// The cases that laws generate: in a check the same ones each time, so that it fails for a change and never by chance; new
// ones where much is tried (`npm run prove`). A failure prints its seed.

import fc from 'fast-check';

const seed = process.env['TABLEGATE_SEED'];
if (seed !== undefined && seed !== '') fc.configureGlobal({ seed: Number(seed) });
