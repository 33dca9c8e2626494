/**
 * Asks psql and a real server whether the corpus is right: runs its scripts with `psql -f` and compares what the server
 * logged with the statements that the corpus expects. Skipped, saying so, where there is no psql.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CorpusScript, corpus } from '../fixtures/split/corpus.ts';
import { startServer, type TestServer } from './servers.ts';

const psql = spawnSync('psql', ['--version'], { encoding: 'utf8' }).stdout ?? '';
if (psql === '') console.warn('psql is not there: the corpus of scripts is not compared with what psql sends');

const asked = corpus.filter(({ psqlDiffers }) => psqlDiffers === undefined);
const marker = 'howdah-script';
let server: TestServer;
let folder: string;

beforeAll(async () => {
  if (psql === '') return;
  server = await startServer(18, {
    settings: { log_statement: 'all', log_line_prefix: '%a|', log_min_messages: 'error' },
  });
  folder = await mkdtemp(path.join(tmpdir(), 'howdah-split-'));
});
afterAll(async () => {
  await server?.stop();
  if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

it.skipIf(psql === '')(`finds in the server's log what the corpus expects of ${asked.length} scripts`, async () => {
  for (let at = 0; at < asked.length; at += 100) await runWithPsql(asked.slice(at, at + 100), at);
  const sent = statementsByScript(await readFile(server.logFile, 'utf8'));
  const wrong = asked.flatMap((script, at) => {
    const expected = (script.statements ?? []).map(bare);
    const found = (sent.get(at) ?? []).map(bare).filter((statement) => statement !== '' && statement !== ';');
    // A line comment after the last statement's end is sent by psql, and is not part of what we run.
    const last = found.length - 1;
    if (found[last] !== expected[last]) found[last] = found[last]?.replace(/\s*--[^\n\r]*$/, '') ?? '';
    return JSON.stringify(expected) === JSON.stringify(found) ? [] : [{ text: script.text, expected, found }];
  });
  expect(wrong).toEqual([]);
});

/** One psql for many scripts; between two of them the session is made as new, and a marker says which one comes. */
async function runWithPsql(scripts: readonly CorpusScript[], first: number): Promise<void> {
  const words = ['-X', '-q'];
  for (const [index, script] of scripts.entries()) {
    const file = path.join(folder, `${first + index}.sql`);
    await writeFile(file, script.text);
    const setting = script.standardConformingStrings === false ? 'off' : 'on';
    for (const between of ['rollback', 'discard all', `set standard_conforming_strings = ${setting}`]) {
      words.push('-c', `/* ${marker} between */ ${between}`);
    }
    words.push('-c', `/* ${marker} ${first + index} */`, '-f', file);
  }
  const env = { ...process.env, PGPASSWORD: server.password, PGAPPNAME: 'psql', PGCLIENTENCODING: 'UTF8' };
  const where = ['-h', server.host, '-p', String(server.port), '-U', server.user, '-d', server.database];
  // It ends with 1 when the last script fails, as many do.
  await promisify(execFile)('psql', [...where, ...words], { env, maxBuffer: 1e8 }).catch(() => undefined);
}

/** A statement that parses is logged as LOG when it begins; one that does not, only as STATEMENT of its ERROR. */
function statementsByScript(log: string): Map<number, string[]> {
  const found = new Map<number, string[]>();
  let current: string[] = [];
  let begun: string | null = null;
  // The lines of a message after its first one begin with a tab.
  for (const entry of log.split(/\n(?!\t)/)) {
    const [, kind, text] =
      /^psql\|(LOG: {2}statement|STATEMENT): {1,2}([\s\S]*)$/.exec(entry.replaceAll('\n\t', '\n')) ?? [];
    if (kind === undefined || text === undefined) continue;
    const logged = kind !== 'STATEMENT';
    if (!logged && begun === text) {
      begun = null;
      continue;
    }
    begun = logged ? text : null;
    const [, script] = new RegExp(`^/\\* ${marker} (\\w+) \\*/`).exec(text) ?? [];
    if (script !== undefined) {
      current = [];
      found.set(Number(script), current);
    } else current.push(text);
  }
  return found;
}

/** Without the blanks and comments before and after, which psql partly sends, and the empty lines, which it drops. */
function bare(statement: string): string {
  let rest = statement;
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(/^(\s+|--[^\n\r]*)/, '');
    if (rest.startsWith('/*')) rest = rest.slice(endOfComment(rest));
  }
  return rest.replace(/\s+$/, '').replace(/\n{2,}/g, '\n');
}

function endOfComment(text: string): number {
  let depth = 0;
  for (const found of text.matchAll(/\/\*|\*\//g)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return found.index + 2;
  }
  return 0;
}
