import { expect, it } from 'vitest';
import { inFlocks } from './in-flocks.ts';

async function* of(items: readonly string[], failure?: Error): AsyncGenerator<string> {
  for (const item of items) yield item;
  if (failure) throw failure;
}

it('hands on together what can wait, in order, and what cannot at once', async () => {
  const flocks: (readonly string[])[] = [];
  const take = (flock: readonly string[]) => void flocks.push(flock);
  await inFlocks(of(['a', 'b', 'C', 'd', 'E', 'F', 'g']), (each) => each === each.toLowerCase(), take);
  expect(flocks).toEqual([['a', 'b', 'C'], ['d', 'E'], ['F'], ['g']]);
});

it('fails as its source does, with all that came before handed on', async () => {
  const taken: string[] = [];
  const failing = inFlocks(
    of(['a', 'b'], new Error('gone')),
    () => true,
    (flock) => void taken.push(...flock),
  );
  await expect(failing).rejects.toThrow('gone');
  expect(taken).toEqual(['a', 'b']);
});
