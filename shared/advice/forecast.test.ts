import { expect, test } from 'vitest';
import { forecast, studentT } from './forecast.ts';

const day = 86_400_000;
const readings = (values: readonly number[]) => values.map((value, at) => ({ atMs: at * day, value }));

test('what grows evenly goes on so, without doubt', () => {
  const found = forecast(readings([10, 20, 30, 40, 50, 60]));
  expect(found?.perDay).toBeCloseTo(10);
  expect(found?.perDayError).toBeCloseTo(0);
  expect(found?.at(8 * day)).toMatchObject({ low: expect.closeTo(90), high: expect.closeTo(90) });
  expect(found?.untilMs).toBe(10 * day);
});

test('the band is wider the further ahead and the rougher the past, and never below nothing', () => {
  const found = forecast(readings([100, 130, 110, 170, 150, 190]));
  const near = found?.at(6 * day);
  const far = found?.at(10 * day);
  if (!near || !far) throw new Error('no forecast');
  expect(far.high - far.middle).toBeGreaterThan(2 * (near.high - near.middle));
  expect(far.low).toBeGreaterThanOrEqual(0);
  expect(near.low).toBeLessThan(near.middle);
});

test('nine of ten walks end within the band', () => {
  let state = 7;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const normal = () => Math.sqrt(-2 * Math.log(random() || 1e-9)) * Math.cos(2 * Math.PI * random());
  let within = 0;
  for (let walk = 0; walk < 400; walk++) {
    const values = [10_000];
    for (let at = 1; at < 50; at++) values.push((values.at(-1) ?? 0) + 20 + 15 * normal());
    const band = forecast(readings(values.slice(0, 30)))?.at(49 * day);
    const end = values[49] ?? 0;
    if (band && end >= band.low && end <= band.high) within++;
  }
  expect(within / 400).toBeGreaterThan(0.9);
  expect(within / 400).toBeLessThan(0.99);
});

test('of too little nothing is said', () => {
  expect(forecast(readings([1, 2, 3, 4]))).toBeNull();
  expect(forecast(Array.from({ length: 9 }, () => ({ atMs: 5, value: 1 })))).toBeNull();
});

test('the points of Student', () => {
  expect(studentT(4)).toBeCloseTo(2.776, 1);
  expect(studentT(30)).toBeCloseTo(2.042, 2);
});
