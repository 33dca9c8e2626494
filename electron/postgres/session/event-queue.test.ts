import { expect, test } from 'vitest';
import { EventQueue } from './event-queue.ts';

async function takenFrom<Event>(queue: EventQueue<Event>): Promise<Event[]> {
  const taken: Event[] = [];
  for await (const event of queue) taken.push(event);
  return taken;
}

test('what comes is taken in order, before and while it is waited for', async () => {
  const queue = new EventQueue<number>();
  queue.push(1);
  queue.push(2);
  const taken: number[] = [];
  const taking = (async () => {
    for await (const event of queue) taken.push(event);
  })();
  await Promise.resolve();
  queue.push(3);
  queue.end();
  queue.push(4);
  await taking;
  expect(taken).toEqual([1, 2, 3]);
});

test('a newer event takes the place of one that nobody has taken', async () => {
  const queue = new EventQueue<number>((newer, older) => newer > 9 && older > 9);
  for (const event of [1, 10, 11, 12, 2, 13]) queue.push(event);
  queue.end();
  expect(await takenFrom(queue)).toEqual([1, 12, 2, 13]);
});

test('after the taker has left, nothing is kept', async () => {
  const queue = new EventQueue<number>();
  queue.push(1);
  queue.push(2);
  for await (const event of queue) {
    expect(event).toBe(1);
    break;
  }
  queue.push(3);
  queue.end();
  expect(await takenFrom(queue)).toEqual([]);
});
