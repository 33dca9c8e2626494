/** Which samples of a minute are meant, and under which key each is counted: worked out once for the minute's dictionaries. */
import type { ActivityFilter, Dimension } from '../../../../shared/api/monitor.ts';
import { classOf, eventOf, idleTx, isForeground } from '../../activity-class.ts';
import type { RecordingFile } from '../../file/recording-file.ts';
import type { AshCore } from '../../pack/ash-chunk.ts';

export interface ActivityQuestion {
  readonly by: Dimension;
  readonly filters: readonly ActivityFilter[];
  /** Also the server's own processes. */
  readonly background: boolean;
}

/** By sample: the place of its key in `names`, -1 where it is not meant; and the place of its class in `classes`. */
export interface Judged {
  readonly names: readonly string[];
  readonly keys: Int32Array;
  readonly classes: readonly string[];
  readonly classAt: Int32Array;
}

const sessionDimensions = ['database', 'user', 'application', 'client', 'backendType'] as const;
type SessionDimension = (typeof sessionDimensions)[number];
const isSession = (dimension: Dimension): dimension is SessionDimension =>
  (sessionDimensions as readonly string[]).includes(dimension);

/** IdleTx is no load: it is counted only where classes are told apart or where it is asked for. */
const countsIdle = ({ by, filters }: ActivityQuestion): boolean =>
  by === 'class' ||
  by === 'event' ||
  filters.some(({ dimension, value }) => (dimension === 'class' || dimension === 'event') && value === idleTx);

/** What a session, a wait and a statement contribute to the answer, by their places in the minute's dictionaries. */
export interface Verdicts {
  readonly names: readonly string[];
  /** By place of a wait, twice: of foreground sessions, and of background ones at the odd place after it. */
  readonly classes: readonly string[];
  /** By session: 1 for the server's own processes. */
  readonly kind: Uint8Array;
  readonly sessionOk: Uint8Array;
  readonly waitOk: Uint8Array;
  /** Null where statements do not matter: they need not be read then. */
  readonly queryOk: Uint8Array | null;
  readonly from: 'wait' | 'query' | 'session' | 'blocker';
  /** Pids that a sample has to be blocked by. */
  readonly blockers: readonly string[];
}

export function verdicts(file: RecordingFile, core: AshCore, question: ActivityQuestion): Verdicts {
  const { by, filters, background } = question;
  const asks = (dimension: Dimension): boolean =>
    by === dimension || filters.some((one) => one.dimension === dimension);
  const needsQuery = asks('query');
  const classes = classesOf(file, core, countsIdle(question));
  const events = asks('event') ? eventsOf(file, core, classes) : [];
  const { kind, sessionOk } = kindsOf(file, core, background);
  const queries: string[] = [];
  for (let place = 0; needsQuery && place < core.queries.length; place++)
    queries.push(file.queryKey(core.queries[place] as number) ?? '');
  const sessionWord = (dimension: SessionDimension): string[] =>
    core.sessions.map((session) => file.word(session[dimension]) ?? '');

  const waitOk = new Uint8Array(classes.length);
  for (let place = 0; place < waitOk.length; place++) waitOk[place] = classes[place] === '' ? 0 : 1;
  const queryOk = new Uint8Array(queries.length).fill(1);
  const keep = (ok: Uint8Array, words: readonly string[], value: string): void => {
    for (let place = 0; place < ok.length; place++) if (words[place] !== value) ok[place] = 0;
  };
  const blockers: string[] = [];
  for (const { dimension, value } of filters) {
    if (dimension === 'class') keep(waitOk, classes, value);
    else if (dimension === 'event') keep(waitOk, events, value);
    else if (dimension === 'query') keep(queryOk, queries, value);
    else if (dimension === 'blocker') blockers.push(value);
    else if (dimension === 'pid')
      keep(
        sessionOk,
        core.sessions.map(({ pid }) => String(pid)),
        value,
      );
    else if (isSession(dimension)) keep(sessionOk, sessionWord(dimension), value);
  }
  return { ...namesBy(), classes, kind, sessionOk, waitOk, queryOk: needsQuery ? queryOk : null, blockers };

  function namesBy(): Pick<Verdicts, 'names' | 'from'> {
    switch (by) {
      case 'class':
        return { names: classes, from: 'wait' };
      case 'event':
        return { names: events, from: 'wait' };
      case 'query':
        return { names: queries, from: 'query' };
      case 'blocker':
        return { names: ['', ...new Set([...core.blockedBy.values()].map(String))], from: 'blocker' };
      case 'pid':
        return { names: core.sessions.map(({ pid }) => String(pid)), from: 'session' };
      default:
        return { names: sessionWord(by), from: 'session' };
    }
  }
}

/** By session kind and wait: foreground at an even place, background at the odd one after it; '' is not counted. */
function classesOf(file: RecordingFile, core: AshCore, withIdle: boolean): string[] {
  const classes: string[] = [];
  for (const wait of core.waits) {
    const [state, type] = [file.word(wait.state), file.word(wait.type)];
    for (const backendType of ['client backend', 'background']) {
      const name = classOf(backendType, state, type);
      classes.push(name === null || (name === idleTx && !withIdle) ? '' : name);
    }
  }
  return classes;
}

function eventsOf(file: RecordingFile, core: AshCore, classes: readonly string[]): string[] {
  const events: string[] = [];
  for (const wait of core.waits) {
    const event = file.word(wait.event);
    for (let kind = 0; kind < 2; kind++) events.push(eventOf(classes[events.length] ?? '', event));
  }
  return events;
}

function kindsOf(file: RecordingFile, { sessions }: AshCore, background: boolean) {
  const kind = new Uint8Array(sessions.length);
  const sessionOk = new Uint8Array(sessions.length);
  for (let place = 0; place < kind.length; place++) {
    if (!isForeground(file.word(sessions[place]?.backendType ?? 0))) kind[place] = 1;
    sessionOk[place] = background || kind[place] === 0 ? 1 : 0;
  }
  return { kind, sessionOk };
}

export function judge(file: RecordingFile, core: AshCore, question: ActivityQuestion): Judged {
  const { names, classes, kind, sessionOk, waitOk, queryOk, from, blockers } = verdicts(file, core, question);
  const { session, wait } = core;
  const query = queryOk && core.query;
  const blockedBy = from === 'blocker' || blockers.length > 0 ? core.blockedBy : new Map<number, number>();
  const samples = session.length;
  const kept = blockers.length > 0 ? (sample: number) => blockers.every((pid) => blockerOf(sample) === pid) : null;
  const classAt = new Int32Array(samples);
  const keys = new Int32Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    const own = session[sample] as number;
    const asked = query === null ? 0 : (query[sample] as number);
    const at = (wait[sample] as number) * 2 + (kind[own] as number);
    classAt[sample] = at;
    const meant = sessionOk[own] === 1 && waitOk[at] === 1 && (queryOk === null || queryOk[asked] === 1);
    if (!meant) keys[sample] = -1;
    else keys[sample] = from === 'wait' ? at : from === 'query' ? asked : own;
  }
  if (kept || from === 'blocker')
    for (let sample = 0; sample < samples; sample++) {
      if (keys[sample] === -1) continue;
      if (kept && !kept(sample)) keys[sample] = -1;
      else if (from === 'blocker') keys[sample] = names.indexOf(blockerOf(sample));
    }
  return { names, keys, classes, classAt };

  function blockerOf(sample: number): string {
    return String(blockedBy.get(sample) ?? '');
  }
}
