/** Files of one frame and of many, cut anywhere, with a byte changed: all of it is read, or it is said that it is not whole. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { failureOf } from '../../../../shared/failure.ts';
import { scratchFolder } from '../../../../tests/fixtures/row-files.ts';
import { unpacked } from './file-bytes.ts';

const folder = scratchFolder();
const packed = (text: Buffer): Buffer => zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
async function read(bytes: Buffer): Promise<Buffer> {
  const path = join(folder, 'file.zst');
  writeFileSync(path, bytes);
  const pieces: Buffer[] = [];
  for await (const piece of unpacked(path, { bytes: 0 })) pieces.push(piece);
  return Buffer.concat(pieces);
}
const outcome = (bytes: Buffer) => read(bytes).then(String, (thrown) => failureOf(thrown).message);

const texts = [
  Buffer.from('one\n'),
  Buffer.alloc(0),
  randomBytes(700_000),
  Buffer.alloc(3_000_000, 'run'),
  Buffer.from('last\n'),
];
const skipped = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

it('reads all frames, whatever they are made of', async () => {
  const plain = texts.map((text) => zstdCompressSync(text));
  const whole = Buffer.concat([skipped, ...texts.map(packed), skipped, ...plain]);
  expect((await read(whole)).equals(Buffer.concat([...texts, ...texts]))).toBe(true);
});

it('says of what is cut off, or goes on as something else, that it is damaged', async () => {
  const [first, second] = [packed(Buffer.from('a,b\n'.repeat(1000))), packed(Buffer.from('c,d\n'.repeat(1000)))];
  const whole = Buffer.concat([first, second]);
  for (let length = first.length + 1; length < whole.length; length++)
    expect(await outcome(whole.subarray(0, length)), `${length} of ${whole.length}`).toMatch(/damaged or cut off/);
  for (let length = 4; length < first.length; length++)
    expect(await outcome(whole.subarray(0, length)), `${length} of ${whole.length}`).toMatch(/damaged or cut off/);
  expect(await outcome(Buffer.concat([whole, Buffer.from('no frame')]))).toMatch(/damaged or cut off/);
});

it('says of a byte that was changed that the file is damaged', async () => {
  const whole = packed(Buffer.from('a,b\n1,2\n3,4\n'));
  for (let at = 4; at < whole.length; at++) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] as number) ^ 1;
    expect(await outcome(changed), `byte ${at} of ${whole.length}`).not.toBe('a,b\n1,2\n3,4\n');
    expect(await outcome(changed), `byte ${at} of ${whole.length}`).toMatch(/damaged or cut off/);
  }
});
