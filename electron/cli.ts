/** The command line entry: one word chooses the command. Others script against it, so options and exit codes are promises. */
import { type Command, UsageError } from './commands/command.ts';
import { version } from './version.ts';

const usage = `Usage: howdah <command> [options]

  serve [--data DIR] [--port N] [--open] [--queries DIR]
      The program in a browser on this machine. Prints its address, with a token that lets one browser in.
      --queries: a folder in which the saved queries are plain .sql files as well.
  query [--url URL] [--format csv|json|ndjson|table] [--read-only] SQL
      Runs one statement and writes its rows to standard output. Exit 1 where it fails, with the SQLSTATE, the
      message and the position on standard error. --read-only: refuses what may do more than read.
  export [--url URL] [--format csv|tsv|json|ndjson|xlsx|parquet|sql|markdown|html] [--compression gzip|zstd]
      [--no-header] [--delimiter C] [--null TEXT] [--quote C] [--escape C] [--force-quote COLUMN … | '*'] [--encoding NAME]
      [--crlf] [--spreadsheet-safe] [--sql-style rows|insert|copy] [--split-mb N] (--table NAME … | --query SQL) FILE
      Writes tables (of one snapshot; several come as an archive) or a query's rows into FILE, whole or not at all.
      --delimiter to --force-quote are COPY's, for csv and tsv. --split-mb: a new file after so much, in an archive.
  import [--url URL] --table NAME [--create | --replace | --key COLUMN,…] [--on-error stop|reject] [--batches]
      [--dry-run] [--rejects FILE] FILE
      Reads CSV, TSV, JSON, NDJSON, XLSX or Parquet, packed or not, into a table. --key: rows with these values are updated.
      --batches: each stands by itself, and the same command goes on where it was cut off. Exit 3 where rows were rejected.
  import [--url URL] [--each] [--skip-errors] [--dry-run] [--encoding NAME] FILE.sql
      Runs a script, a plain dump of pg_dump too, packed or not: in one transaction, or each statement by itself.
      Commands of psql are refused by name before anything is run. --dry-run: what is in it. Exit 3 where statements
      were passed over.
  copy [--from URL] [--to URL] (--table NAME [--into NAME] | --query SQL --into NAME) [--create | --replace | --key COLUMN,…]
      [--on-error stop|reject] [--batches] [--dry-run] [--no-check] [--rejects FILE]
      Rows from one server into a table of another, or the same. Counts and checksums of both sides are compared in the end.
      --batches: each stands by itself, and the same command goes on where it was cut off. Exit 3 where rows were rejected.
  test [--url URL]
      Tries the connection and prints what was found as JSON.
  record [--url URL] --to FILE [--for 10m] [--interval 1s] [--mirror URL] [--pgbouncer URL]
      Records what the server does into FILE until interrupted, or for so long. Exit 1 where nothing could be recorded.
      --pgbouncer: also the pools of the PgBouncer there, asked of its admin console.
      --mirror: also into the schema howdah_history of that database, made where it is missing, kept for 90 days.
  sample [--data DIR] [--port N]
      Starts the sample server in the foreground and prints its URL as the last word of a line.
  inspect [--json] FILE
      What a recording holds and whether it is sound. Exit 1 where it is damaged.
  report [--from WHEN] [--to WHEN] [--format html|json|md] FILE
      A recording, or a stretch of it, as one page on standard output. WHEN is an instant, or a time before the
      recording's end: --from=-2h.
  backup run [--url URL] --to FILE|FOLDER [--schema S] [--without-schema S] [--without-rows S.T] [--structure-only]
             [--jobs N] [--level N] [--json]
             [--with pg_dump [--format custom|directory|tar|plain] [--section S] [--table S.T] [--compression C]]
             [--with pg_dumpall [--what all|globals|roles|tablespaces]]
      One database into one file, without pg_dump. It gets its name only after it was read back and found whole.
      --with: by the installed one that fits the server; "backup tools" lists those that were found.
  backup list FILE|FOLDER; backup verify FILE; backup sql FILE
      What is in it, whether every byte is what was written, and the same as SQL for psql on standard output.
  backup restore FILE [--url URL] --new NAME | --into NAME [--existing refuse|skip|replace] [--item N] [--plan]
             [--errors single|stop|continue] [--missing-roles create|current] [--role OLD=NEW] [--no-owners] [--no-grants]
      Into a database made for it, or into one that is there. --plan says what would happen. All or nothing, unless
      --errors stop or continue with --into. --item: only those of the list's numbers, and what they need.
  backup drill FILE [--json]
      Restores into a PostgreSQL of its own made for it, and compares with the snapshot; of a file of pg_dump, every
      table's rows are counted on both sides. Exit 1 where anything differs.

Without --url the PG* variables say where to (PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, …).
HOWDAH_DATA sets the data folder.`;

/** Loaded when asked for: a query must not wait for the page server's modules. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  backup: async () => (await import('./commands/backup/backup.ts')).backupCommand,
  query: async () => (await import('./commands/query.ts')).queryCommand,
  export: async () => (await import('./commands/transfer/export.ts')).exportCommand,
  import: async () => (await import('./commands/transfer/import.ts')).importCommand,
  copy: async () => (await import('./commands/transfer/copy.ts')).copyCommand,
  test: async () => (await import('./commands/check.ts')).testCommand,
  record: async () => (await import('./commands/record.ts')).recordCommand,
  inspect: async () => (await import('./commands/inspect.ts')).inspectCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  sample: async () => (await import('./commands/sample.ts')).sampleCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
};

async function run([name = '--help', ...rest]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help' || rest.includes('--help')) {
    console.log(usage);
    return 0;
  }
  if (name === '--version') {
    console.log(version);
    return 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (!command) throw new UsageError(`There is no command "${name}".`);
    return await (await command())(rest);
  } catch (error) {
    if (error instanceof UsageError) {
      // The message is what is looked for: a page of options under it would push it out of sight.
      console.error(`howdah: ${error.message}\nUsage: howdah <command> [options]; howdah --help lists them.`);
      return 2;
    }
    console.error(`howdah: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

process.exitCode = await run(process.argv.slice(2));
