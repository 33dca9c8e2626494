import { expect, it } from 'vitest';
import { parseConnectionText } from './parse-text.ts';

it('fills the form and keeps the password apart', () => {
  expect(
    parseConnectionText('postgres://ann:p%40ss@db.example.com:6432/shop?sslmode=require&application_name=x'),
  ).toEqual({
    draft: {
      name: 'shop on db.example.com',
      host: 'db.example.com',
      port: 6432,
      database: 'shop',
      user: 'ann',
      sslMode: 'require',
      parameters: { application_name: 'x' },
    },
    password: 'p@ss',
    notes: [],
  });
});
it.each([
  'psql "postgres://ann@h/d"',
  "DATABASE_URL='postgres://ann@h/d'",
  'export DATABASE_URL="postgres://ann@h/d"',
  ' postgres://ann@h/d\n',
  "'host=h user=ann dbname=d'",
])('unwraps %s', (text) => {
  expect(parseConnectionText(text).draft).toMatchObject({ host: 'h', user: 'ann', database: 'd' });
});
it('takes the first of several hosts and says so', () => {
  const parsed = parseConnectionText('postgres://a:1,b:2/d?target_session_attrs=read-write');
  expect(parsed.draft).toMatchObject({ host: 'a', port: 1 });
  expect(parsed.notes).toEqual([
    'target_session_attrs has no meaning here and was left out.',
    '2 hosts are named; the first one, a, was taken.',
  ]);
});
it('never takes a path for the thing: files in a pasted text are not read', () => {
  const parsed = parseConnectionText(
    'host=h passfile=/etc/passwd sslkey=/root/key sslrootcert=/etc/hosts sslcert=c service=x servicefile=/y',
  );
  expect(JSON.stringify(parsed.draft)).not.toMatch(/passwd|key|hosts/);
  expect(parsed.notes.filter((note) => note.includes('not read')).length).toBe(4);
});
it.each([
  ['sslmode=verify-full', 'verify-full', 0],
  ['sslrootcert=system', 'verify-full', 0],
  ['sslmode=no-verify', 'require', 1],
  ['requiressl=1', 'require', 0],
  ['sslmode=auto', undefined, 1],
  ['sslmode=sometimes', undefined, 1],
])('%s', (text, mode, notes) => {
  const parsed = parseConnectionText(`host=h ${text}`);
  expect(parsed.draft.sslMode).toBe(mode);
  expect(parsed.notes.length).toBe(notes);
});
it('says what else was left out', () => {
  const parsed = parseConnectionText(
    'postgres://h/d?schema=public&port=99999&my_setting=1&we%20ird=2&hostaddr=1.2.3.4',
  );
  expect(parsed.draft).toEqual({ name: 'd on h', host: 'h', database: 'd', parameters: { my_setting: '1' } });
  expect(parsed.notes.length).toBe(5);
});
it('refuses nothing, and nonsense', () => {
  expect(() => parseConnectionText('  ')).toThrow('Paste');
  expect(() => parseConnectionText('hello world')).toThrow('Expected =');
});
