import { describe, expect, it } from 'vitest';
import { identifier, qualified, quoteIdentifier, quoteLiteral, quoteNullable, quoteQualified } from './quote.ts';

describe('quoteIdentifier', () => {
  it.each([
    ['plain', '"plain"'],
    ['a"b', '"a""b"'],
    ['"', '""""'],
    ["x'); drop table canary;--", `"x'); drop table canary;--"`],
    ['a\\', '"a\\"'],
    ['line\nbreak', '"line\nbreak"'],
    ['__proto__', '"__proto__"'],
    ['日本', '"日本"'],
  ])('%j', (name, quoted) => expect(quoteIdentifier(name)).toBe(quoted));

  it.each(['', 'a\0b', '\ud800', 'x\udc00y'])('refuses %j', (name) => {
    expect(() => quoteIdentifier(name)).toThrow(/empty|NUL|surrogate/);
  });
});

describe('identifier', () => {
  it.each([
    ['orders', 'orders'],
    ['order', '"order"'],
    ['Orders', '"Orders"'],
    ['int', '"int"'],
    ['left', '"left"'],
    ['abort', 'abort'],
    ['a$b', '"a$b"'],
    ['1a', '"1a"'],
    ['ä', '"ä"'],
    ['a b', '"a b"'],
  ])('%j', (name, quoted) => expect(identifier(name)).toBe(quoted));
});

it('qualifies', () => {
  expect(quoteQualified('a', 'b"c')).toBe('"a"."b""c"');
  expect(qualified('public', 'user')).toBe('public."user"');
});

describe('quoteLiteral', () => {
  it.each([
    ['', "''"],
    ["o'brien", "'o''brien'"],
    ['c:\\x', "E'c:\\\\x'"],
    ["\\'", "E'\\\\'''"],
    ['a\nb', "'a\nb'"],
    ['$$', "'$$'"],
  ])('%j', (value, quoted) => expect(quoteLiteral(value)).toBe(quoted));

  it.each(['a\0', '\udfff'])('refuses %j', (value) => expect(() => quoteLiteral(value)).toThrow(/NUL|surrogate/));

  it('writes NULL for null', () => expect([quoteNullable(null), quoteNullable('')]).toEqual(['NULL', "''"]));
});
