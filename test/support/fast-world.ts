// A world whose time can run faster than it should, so that what is given up after seconds is given up soon.

import { setTimeout } from 'node:timers/promises';
import { type World, world } from '../../lib/store/world.ts';

export type FastWorld = World & {
  /** How many times as fast as the real one its clock runs from now on. */
  run(speed: number): void;
};

export function fastWorld(): FastWorld {
  let speed = 1;
  let [since, at] = [world.now(), world.now()];
  const now = () => Math.floor(at + (world.now() - since) * speed);
  return {
    ...world,
    now,
    sleep: (milliseconds) => setTimeout(milliseconds / speed),
    run: (wanted) => {
      [at, since, speed] = [now(), world.now(), wanted];
    },
  };
}
