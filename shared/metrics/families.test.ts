import { describe, expect, it } from 'vitest';
import { families, familyOf } from './families.ts';

describe('the families', () => {
  it('have ids, keys and metric names of their own', () => {
    const ids = families.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(25);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, metrics, key } of families) {
      const names = [...key, ...metrics.map(({ name }) => name)];
      expect(new Set(names).size, id).toBe(names.length);
      expect(familyOf(id)?.metrics, id).toBe(metrics);
    }
  });
  it('say what each metric means, in a sentence', () => {
    const wrong = families
      .flatMap(({ id, metrics }) => metrics.map((metric) => ({ id, ...metric })))
      .filter(({ meaning, label }) => !/^[a-zA-Z].{7,}\.$/.test(meaning) || !/^[A-Z]/.test(label));
    expect(wrong.map(({ id, name, meaning }) => `${id}.${name}: ${meaning}`)).toEqual([]);
  });
});
