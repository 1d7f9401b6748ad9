// Replaces @smithy/core/event-streams in the Lambdas' bundles: no DynamoDB call answers with a stream of events. The
// SDK asks for the package by a dynamic import, for whose sake esbuild wraps whatever the package shares with the rest of
// the SDK in functions, and neither drops what is unused in there nor lets V8 compile it in one go.
// See docs/decisions/bundles-hold-only-what-a-request-needs.md.

/** Throws: the SDK calls it before it reads or writes a stream. */
export function eventStreamSerdeProvider(): never {
  throw new Error(
    'an answer with a stream of events: the bundles have no reader for it (lib/infra/no-event-streams.ts)',
  );
}

/** A class that cannot be constructed. */
export class EventStreamSerde {
  constructor() {
    eventStreamSerdeProvider();
  }
}
