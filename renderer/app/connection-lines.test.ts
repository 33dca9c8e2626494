import { describe, expect, it } from 'vitest';
import { type ListedConnection, newConnection } from '../../shared/api/connections.ts';
import { connectionLines, fits } from './connection-lines.ts';

const connection = (name: string, more: Partial<ListedConnection> = {}): ListedConnection => ({
  ...newConnection,
  id: name,
  name,
  createdAtMs: 0,
  usedAtMs: null,
  savedSecrets: [],
  ...more,
});
const shown = (...args: Parameters<typeof connectionLines>) =>
  connectionLines(...args).map((line) =>
    line.kind === 'group'
      ? `${'  '.repeat(line.depth)}${line.name}/ ${line.count}`
      : `${'  '.repeat(line.depth)}${line.connection.name}`,
  );

describe('the list of connections', () => {
  const all = [
    connection('db 10'),
    connection('db 2'),
    connection('replica', { group: 'customers/acme', tags: ['reporting'] }),
    connection('main', { group: ' customers / acme/' }),
    connection('crm', { group: 'customers' }),
  ];
  it('nests groups by slashes, in natural order', () => {
    expect(shown(all, new Set())).toEqual([
      'db 2',
      'db 10',
      'customers/ 3',
      '  crm',
      '  acme/ 2',
      '    main',
      '    replica',
    ]);
  });
  it('folds a group with everything below it', () => {
    expect(shown(all, new Set(['customers']))).toEqual(['db 2', 'db 10', 'customers/ 3']);
    expect(shown(all, new Set(['customers/acme']))).toEqual(['db 2', 'db 10', 'customers/ 3', '  crm', '  acme/ 2']);
  });
  it('shows what fits a filter, in folded groups too', () => {
    expect(shown(all, new Set(['customers']), '#report')).toEqual(['customers/ 1', '  acme/ 1', '    replica']);
    expect(shown(all, new Set(), 'acme main')).toEqual(['customers/ 1', '  acme/ 1', '    main']);
    expect(shown(all, new Set(), 'nothing like it')).toEqual([]);
    // Both words are in 127.0.0.1 and the names of others too.
    expect(
      shown(
        all.map((each) => ({ ...each, host: '127.0.0.2' })),
        new Set(),
        'db 2',
      ),
    ).toEqual(['db 2']);
  });
  it('looks through host, database, user and environment', () => {
    const one = connection('x', { host: 'db.example', database: 'shop', user: 'ann', environment: 'production' });
    for (const typed of ['EXAMPLE', 'shop ann', 'prod']) expect(fits(one, typed)).toBe(true);
    expect(fits(one, 'staging')).toBe(false);
  });
});
