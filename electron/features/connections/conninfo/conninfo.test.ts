import { describe, expect, it } from 'vitest';
import { FailureError } from '../../../../shared/failure.ts';
import { fc } from '../../../../tests/fixtures/properties.ts';
import { isConnectionUrl, parseConninfo, parseKeywords, parseUrl } from './conninfo.ts';

const read = (text: string) => Object.fromEntries(parseConninfo(text));

describe('a URL', () => {
  it.each([
    ['postgresql://', {}],
    ['postgresql://localhost', { host: 'localhost' }],
    ['postgresql://localhost:5433', { host: 'localhost', port: '5433' }],
    ['postgresql://localhost/mydb', { host: 'localhost', dbname: 'mydb' }],
    ['postgresql://user@localhost', { user: 'user', host: 'localhost' }],
    ['postgresql://user:secret@localhost', { user: 'user', password: 'secret', host: 'localhost' }],
    [
      'postgresql://other@localhost/otherdb?connect_timeout=10&application_name=myapp',
      { user: 'other', host: 'localhost', dbname: 'otherdb', connect_timeout: '10', application_name: 'myapp' },
    ],
    ['postgresql://host1:123,host2:456/somedb', { host: 'host1,host2', port: '123,456', dbname: 'somedb' }],
    [
      'postgresql://user@localhost:5433/mydb?options=-c%20synchronous_commit%3Doff',
      { user: 'user', host: 'localhost', port: '5433', dbname: 'mydb', options: '-c synchronous_commit=off' },
    ],
    ['postgresql:///mydb?host=localhost&port=5433', { dbname: 'mydb', host: 'localhost', port: '5433' }],
    ['postgresql://[2001:db8::1234]/database', { host: '2001:db8::1234', dbname: 'database' }],
    ['postgresql://[::1]:5433', { host: '::1', port: '5433' }],
    ['postgresql:///dbname?host=/var/lib/postgresql', { dbname: 'dbname', host: '/var/lib/postgresql' }],
    ['postgresql://%2Fvar%2Flib%2Fpostgresql/dbname', { host: '/var/lib/postgresql', dbname: 'dbname' }],
    ['postgres://u:p%40ss%3A%2F%25@h/d', { user: 'u', password: 'p@ss:/%', host: 'h', dbname: 'd' }],
    ['postgres://u:a:b@h', { user: 'u', password: 'a:b', host: 'h' }],
    ['postgres://h/d?sslmode=require#x', { host: 'h', dbname: 'd', sslmode: 'require#x' }],
    ['postgres://h/a%20b%2Fc', { host: 'h', dbname: 'a b/c' }],
    ['POSTGRES://h', { host: 'h' }],
    ['jdbc:postgresql://h:1/d', { host: 'h', port: '1', dbname: 'd' }],
    ['postgresql+psycopg2://u@h/d', { user: 'u', host: 'h', dbname: 'd' }],
    ['postgres://h/d?x=', { host: 'h', dbname: 'd', x: '' }],
    ['postgres://h?a=b=c', { host: 'h', a: 'b=c' }],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
  it.each([
    'postgres://h%',
    'postgres://h%2',
    'postgres://%zz@h',
    'postgres://h%00',
    'postgres://u:p@ss@h',
    'postgres://[::1',
    'postgres://::1',
    'postgres://h?x',
    'postgres://h?=x',
  ])('refuses %s', (text) => expect(() => parseUrl(text)).toThrow(FailureError));
});

describe('a keyword string', () => {
  it.each([
    ['', {}],
    ['host=localhost port=5432', { host: 'localhost', port: '5432' }],
    ["  host = 'my host'   dbname='it\\'s'  ", { host: 'my host', dbname: "it's" }],
    ["password='a\\\\b' user=a\\ b", { password: 'a\\b', user: 'a b' }],
    ["dbname='' host=h", { dbname: '', host: 'h' }],
    ["a='x'b=y", { a: 'x', b: 'y' }],
    ['host=a host=b', { host: 'b' }],
    ['options=-c\\ x=y', { options: '-c x=y' }],
    ['host=\tport=1', { host: 'port=1' }],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
  it.each(['host', 'host localhost', "host='x", '=x', "a='b\\'"])('refuses %s', (text) => {
    expect(() => parseKeywords(text)).toThrow(FailureError);
  });
});

/** Written the way libpq's documentation says. */
const quote = (value: string) => `'${value.replace(/[\\']/g, '\\$&')}'`;
const value = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 30 })
  .filter((text) => !text.includes('\0') && text.isWellFormed());
const keyword = fc.stringMatching(/^[a-z_]{1,12}$/);

it('a URL comes back as it was written', () => {
  const parts = fc.record({
    user: value,
    password: value,
    host: value,
    dbname: value,
    more: fc.dictionary(keyword, value, { maxKeys: 4 }),
  });
  fc.assert(
    fc.property(parts, fc.integer({ min: 1, max: 65535 }), ({ user, password, host, dbname, more }, port) => {
      const code = encodeURIComponent;
      const query = Object.entries(more)
        .map(([name, text]) => `${name}=${code(text)}`)
        .join('&');
      // A comma in a host would be a list; libpq has no way to write one.
      fc.pre(!host.includes(','));
      const url = `postgres://${code(user)}:${code(password)}@${code(host)}:${port}/${code(dbname)}?${query}`;
      expect(isConnectionUrl(url)).toBe(true);
      expect(new Map(parseConninfo(url))).toEqual(
        new Map([...Object.entries({ user, password, host, port: String(port), dbname }), ...Object.entries(more)]),
      );
    }),
  );
});
it('a keyword string comes back as it was written', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(keyword, value), { maxLength: 6 }),
      fc.constantFrom(' ', '  ', '\n', '\t'),
      (pairs, space) => {
        const text = pairs.map(([name, each]) => `${name}${space}=${quote(each)}`).join(space);
        expect(parseConninfo(text)).toEqual(new Map(pairs));
      },
    ),
  );
});
it('any text is read or refused, and never anything else', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `postgres://${text}`),
      ),
      (text) => {
        try {
          parseConninfo(text);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(FailureError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
