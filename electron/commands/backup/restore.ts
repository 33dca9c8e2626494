/** `howdah backup restore FILE`: into a new database, or into one that is there; `--plan` only says what would happen. */
import { planRestore, type RestorePlan } from '../../postgres/backup/restore/plan-restore.ts';
import { nothingSpecial, type RestoreChoice } from '../../postgres/backup/restore/request.ts';
import { runRestore } from '../../postgres/backup/restore/run-restore.ts';
import { planScript, runScriptRestore } from '../../postgres/backup/restore/run-script-restore.ts';
import { planPgRestore } from '../../postgres/backup/tools/plan-pg-restore.ts';
import {
  dumpFormOf,
  type PgRestoreRequest,
  refuseOwnOptions,
  runPgRestore,
} from '../../postgres/backup/tools/run-pg-restore.ts';
import { bytes, duration } from '../../recorder/report/words.ts';
import { readArguments, UsageError } from '../command.ts';
import { targetOf } from '../target.ts';
import { Console, guarded, oneOf, plain, readWhole } from './console.ts';

const options = {
  url: { type: 'string' },
  new: { type: 'string' },
  into: { type: 'string' },
  existing: { type: 'string', default: 'refuse' },
  item: { type: 'string', multiple: true },
  errors: { type: 'string', default: 'single' },
  'structure-only': { type: 'boolean', default: false },
  'no-owners': { type: 'boolean', default: false },
  'no-grants': { type: 'boolean', default: false },
  'missing-roles': { type: 'string', default: 'create' },
  role: { type: 'string', multiple: true },
  tablespace: { type: 'string', multiple: true },
  jobs: { type: 'string', default: '2' },
  plan: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
} as const;

export async function restoreCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, options, ['FILE']);
  const [path = ''] = positionals;
  const choice: RestoreChoice = {
    ...nothingSpecial,
    target: targetIn(values),
    what: values['structure-only'] ? 'structure' : 'all',
    errors: oneOf('--errors', values.errors, ['single', 'stop', 'continue']),
    owners: !values['no-owners'],
    grants: !values['no-grants'],
    missingRoles: oneOf('--missing-roles', values['missing-roles'], ['create', 'current']),
    roles: pairs('--role', values.role),
    tablespaces: pairs('--tablespace', values.tablespace),
    jobs: readWhole('--jobs', values.jobs, 1, 32),
    items: values.item?.map((text) => readWhole('--item', text, 1, 2 ** 31)),
  };
  const spec = await targetOf(values.url);
  const screen = new Console(values.verbose);
  return guarded(screen, async (signal) => {
    const form = await dumpFormOf(path);
    if (form !== null && form !== 'plain') {
      refuseOwnOptions({ '--role': values.role !== undefined, '--tablespace': values.tablespace !== undefined });
      return byPgRestore({ spec, path, choice }, values.plan, { signal, onLine: screen.onLine });
    }
    if (form === 'plain') return byScript({ spec, path, choice }, values.plan, screen, signal);
    if (values.plan) {
      const plan = await planRestore(spec, path, choice, signal);
      for (const line of planLines(plan, choice)) console.log(plain(line));
      return plan.obstacles.length === 0 ? 0 : 1;
    }
    const told = { signal, onProgress: screen.onProgress, onLine: screen.onLine };
    const { plan, items, rows, failures, tookMs } = await runRestore({ spec, path, choice }, told);
    for (const warning of plan.warnings) screen.say(plain(`howdah: ${warning}`));
    for (const { item, failure } of failures) screen.say(plain(`failed: item ${item.id}: ${failure.message}`));
    console.log(
      `${plain(choice.target.database)}: ${items} items, ${rows.toLocaleString('en')} rows restored in ${duration(tookMs)}${failures.length > 0 ? `, ${failures.length} failed` : ''}.`,
    );
    return failures.length > 0 ? 1 : 0;
  });
}

type PlanShown = Omit<RestorePlan, 'manifest' | 'items'> & { readonly items: readonly unknown[] };

async function byPgRestore(
  request: PgRestoreRequest,
  onlyPlan: boolean,
  told: Parameters<typeof runPgRestore>[1] & { readonly signal: AbortSignal },
): Promise<number> {
  const { spec, path, choice } = request;
  if (onlyPlan) {
    const plan = await planPgRestore(spec, path, choice, told.signal);
    for (const line of planLines({ ...plan, items: plan.entries }, choice)) console.log(plain(line));
    return plan.obstacles.length === 0 ? 0 : 1;
  }
  const { tookMs, command, failed, items } = await runPgRestore(request, told);
  const trouble = failed > 0 ? `, ${failed} failed` : '';
  console.log(
    plain(`${choice.target.database}: ${items} entries restored by pg_restore in ${duration(tookMs)}${trouble}.`),
  );
  for (const line of command.split('\n')) console.log(plain(line));
  return failed > 0 ? 1 : 0;
}

async function byScript(
  { spec, path, choice }: PgRestoreRequest,
  onlyPlan: boolean,
  screen: Console,
  signal: AbortSignal,
): Promise<number> {
  if (onlyPlan) {
    const plan = await planScript(spec, choice, signal);
    for (const line of planLines({ ...plan, items: [] }, choice)) console.log(plain(line));
    return plan.obstacles.length === 0 ? 0 : 1;
  }
  const told = { signal, onProgress: screen.onProgress, onLine: screen.onLine };
  const { statements, rows, failures, tookMs } = await runScriptRestore({ spec, path, choice }, told);
  for (const failure of failures) screen.say(plain(`failed: ${failure}`));
  const trouble = failures.length > 0 ? `, ${failures.length} failed` : '';
  console.log(
    `${plain(choice.target.database)}: ${statements} statements, ${rows.toLocaleString('en')} rows in ${duration(tookMs)}${trouble}.`,
  );
  return failures.length > 0 ? 1 : 0;
}

function targetIn(values: {
  new?: string | undefined;
  into?: string | undefined;
  existing: string;
}): RestoreChoice['target'] {
  if ((values.new === undefined) === (values.into === undefined))
    throw new UsageError('Say where to: --new NAME makes a database, --into NAME takes one that is there.');
  if (values.new !== undefined) return { kind: 'new', database: values.new };
  const onExisting = oneOf('--existing', values.existing, ['refuse', 'skip', 'replace']);
  return { kind: 'existing', database: values.into ?? '', onExisting };
}

function pairs(name: string, texts: readonly string[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (texts ?? []).map((text) => {
      const at = text.indexOf('=');
      if (at <= 0 || at === text.length - 1) throw new UsageError(`${name} wants OLD=NEW, not "${text}".`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function planLines(plan: PlanShown, { target, missingRoles }: RestoreChoice): string[] {
  const { items, rows, rawBytes, existing, obstacles, warnings } = plan;
  const where = target.kind === 'new' ? `the new database ${target.database}` : target.database;
  const fate =
    target.kind === 'existing'
      ? { refuse: 'is in the way', skip: 'stays as it is', replace: 'IS DROPPED and made anew' }[target.onExisting]
      : '';
  return [
    `${items.length} items with ${rows.toLocaleString('en')} rows (${bytes(rawBytes)}) into ${where}, PostgreSQL ${plan.targetVersion}`,
    ...existing.map(({ kind, name, rows: there }) =>
      kind === 'schema' || kind === 'extension'
        ? `there already, used: ${kind} ${name}`
        : `there already, ${fate}: ${kind} ${name}${there > 0 ? `, about ${there} rows` : ''}`,
    ),
    ...plan.missingRoles.map((name) =>
      missingRoles === 'create'
        ? `role to be made: ${name}`
        : `role missing, ${plan.currentRole} in its place: ${name}`,
    ),
    ...plan.missingTablespaces.map((name) => `tablespace missing, the usual one in its place: ${name}`),
    ...warnings.map((warning) => `note: ${warning}`),
    ...obstacles.map((obstacle) => `CANNOT BEGIN: ${obstacle}`),
  ];
}
