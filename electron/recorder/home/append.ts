/** Brings a batch into the second home: rows and the marks they move in one transaction, so that each comes once. */
import type { Home, Marks } from './home.ts';
import type { Row, Unsent } from './unsent.ts';

/** The recording's number in the home and how far it has come. */
export interface Registered {
  readonly number: number;
  readonly marks: Marks;
  /** Statement to the checksum of its text there. */
  readonly texts: Map<number, number>;
}

export async function register(home: Home, uid: string): Promise<Registered> {
  return home.transaction(async () => {
    await home.link.query(
      `insert into recording (uid, name, server_version, every_ms, marks)
       values ($1, '', '', 1000, '{"minute": null, "ids": {}, "polls": {}}') on conflict (uid) do nothing`,
      [uid],
    );
    const [found] = await home.link.query<{ number: number; marks: Marks }>(
      'select id as number, marks from recording where uid = $1',
      [uid],
    );
    if (!found) throw new Error('the recording is not in its home');
    const texts = await home.link.query<{ id: number; crc: string }>(
      'select id, crc from statement where recording = $1 and crc is not null',
      [found.number],
    );
    return { ...found, texts: new Map(texts.map(({ id, crc }) => [id, Number(crc)])) };
  });
}

/**
 * @param from the marks that the batch was read above
 * @returns false where somebody else has brought the recording further meanwhile: nothing was written
 */
export async function append(home: Home, number: number, from: Marks, batch: Unsent): Promise<boolean> {
  const instants = [...batch.minutes.map(({ t0 }) => Number(t0)), ...batch.polls.map(({ atMs }) => atMs)];
  const times = [
    ...batch.minutes.flatMap((row) => [Number(row.from_ms), Number(row.to_ms)]),
    ...batch.polls.map(({ atMs }) => atMs),
  ];
  const done = await home.transaction(async () => {
    const [at] = await home.link.query<{ marks: Marks }>('select marks from recording where id = $1 for update', [
      number,
    ]);
    if (canonical(at?.marks) !== canonical(from)) return false;
    await home.makeDays(instants);
    await dictionaries(home, number, batch);
    await minutes(home, number, batch.minutes);
    await polls(home, number, batch);
    const { name, serverVersion, systemIdentifier, everyMs } = batch.about;
    await home.link.query(
      `update recording set name = $2, server_version = $3, system_identifier = $4, every_ms = $5, marks = $6,
       from_at = least(from_at, $7::timestamptz), to_at = greatest(to_at, $8::timestamptz) where id = $1`,
      [
        number,
        name,
        serverVersion,
        systemIdentifier,
        everyMs,
        JSON.stringify(batch.marks),
        times.length > 0 ? iso(Math.min(...times)) : null,
        times.length > 0 ? iso(Math.max(...times)) : null,
      ],
    );
    return true;
  });
  if (done) home.noteDays(instants);
  return done;
}

const iso = (ms: unknown): string => new Date(Number(ms)).toISOString();
const column = (rows: readonly Row[], name: string) => rows.map((row) => row[name] ?? null);
const instants = (rows: readonly Row[], name: string) => rows.map((row) => iso(row[name]));

/** jsonb has an order of its own. */
const canonical = (marks: Marks | undefined): string =>
  JSON.stringify([
    marks?.minute ?? null,
    Object.entries(marks?.ids ?? {}).sort(),
    Object.entries(marks?.polls ?? {}).sort(),
  ]);

async function dictionaries(home: Home, number: number, batch: Unsent): Promise<void> {
  const { words, statements, families, keys, gaps, events, snapshots } = batch;
  const put = async (rows: readonly unknown[], sql: string, values: readonly unknown[]) => {
    if (rows.length > 0) await home.link.query(sql, [number, ...values]);
  };
  await put(words, 'insert into word select $1, * from unnest($2::int4[], $3::text[])', [
    column(words, 'id'),
    column(words, 'text'),
  ]);
  await put(
    statements,
    `insert into statement select $1, * from unnest($2::int4[], $3::text[], $4::text[], $5::int4[], $6::bool[], $7::int8[])
     on conflict (recording, id) do update set text = coalesce(excluded.text, statement.text),
       characters = coalesce(excluded.characters, statement.characters),
       normalised = coalesce(excluded.normalised, statement.normalised), crc = coalesce(excluded.crc, statement.crc)`,
    [
      column(statements, 'id'),
      column(statements, 'key'),
      column(statements, 'text'),
      column(statements, 'characters'),
      statements.map(({ normalised }) => (normalised === null ? null : normalised === 1)),
      column(statements, 'crc'),
    ],
  );
  for (const { id, name, keyNames, columns, grain } of families)
    await put(
      [id],
      `insert into family values ($1, $2, $3, $4, $5, $6, $7) on conflict (recording, id) do update
       set metrics = excluded.metrics, merges = excluded.merges where family.metrics <> excluded.metrics`,
      [id, name, keyNames, columns.map((each) => each.name), columns.map((each) => each.merge), grain],
    );
  await put(
    keys,
    `insert into family_key select $1, k.id, k.family, array(select json_array_elements_text(k.key)), k.at, k.known
     from unnest($2::int8[], $3::int4[], $4::json[], $5::timestamptz[], $6::bool[]) k (id, family, key, at, known)`,
    [
      column(keys, 'id'),
      column(keys, 'family'),
      column(keys, 'key'),
      instants(keys, 'first_ms'),
      keys.map(({ known }) => known === 1),
    ],
  );
  await put(
    gaps,
    'insert into gap select $1, * from unnest($2::int8[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::text[])',
    [
      column(gaps, 'id'),
      instants(gaps, 'from_ms'),
      instants(gaps, 'to_ms'),
      column(gaps, 'reason'),
      column(gaps, 'message'),
    ],
  );
  await put(
    events,
    'insert into event select $1, * from unnest($2::int8[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])',
    [
      column(events, 'id'),
      instants(events, 'at_ms'),
      ...['kind', 'database', 'subject', 'before', 'after'].map((name) => column(events, name)),
    ],
  );
  for (const { id, kind, database, at_ms, content } of snapshots)
    await put([id], 'insert into snapshot values ($1, $2, $3, $4, $5, $6)', [id, kind, database, iso(at_ms), content]);
}

async function minutes(home: Home, number: number, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await home.link.query(
    `insert into minute select $1, * from unnest($2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::int8[], $6::int4[],
       $7::int4[], $8::bytea[], $9::int8[], $10::bytea[], $11::int8[], $12::bytea[], $13::int8[])
     on conflict (recording, at) do update set from_at = excluded.from_at, to_at = excluded.to_at,
       covered_ms = excluded.covered_ms, ticks = excluded.ticks, samples = excluded.samples, core = excluded.core,
       core_crc = excluded.core_crc, detail = excluded.detail, detail_crc = excluded.detail_crc, locks = excluded.locks,
       locks_crc = excluded.locks_crc`,
    [
      number,
      ...['t0', 'from_ms', 'to_ms'].map((name) => instants(rows, name)),
      ...['covered_ms', 'ticks', 'samples', 'core', 'core_crc', 'detail', 'detail_crc', 'locks', 'locks_crc'].map(
        (name) => column(rows, name),
      ),
    ],
  );
}

async function polls(home: Home, number: number, { polls: all }: Unsent): Promise<void> {
  if (all.length === 0) return;
  await home.link.query(
    'insert into poll select $1, * from unnest($2::int4[], $3::timestamptz[], $4::int8[], $5::int2[], $6::bool[])',
    [
      number,
      all.map(({ family }) => family),
      all.map(({ atMs }) => iso(atMs)),
      all.map(({ coveredMs }) => coveredMs),
      all.map(({ flags }) => flags),
      all.map(({ complete }) => complete),
    ],
  );
  const rows = all.flatMap(({ family, atMs, rows: own }) => own.map((row) => ({ family, at: iso(atMs), ...row })));
  if (rows.length === 0) return;
  await home.link.query(
    `insert into sample select $1, s.family, s.at, s.key, s.flags, s.list::float8[]
     from unnest($2::int4[], $3::timestamptz[], $4::int8[], $5::int2[], $6::text[]) s (family, at, key, flags, list)`,
    [
      number,
      rows.map(({ family }) => family),
      rows.map(({ at }) => at),
      rows.map(({ key }) => key),
      rows.map(({ flags }) => flags),
      rows.map(({ values }) => `{${values.map((value) => (Number.isNaN(value) ? 'NULL' : String(value))).join(',')}}`),
    ],
  );
}
