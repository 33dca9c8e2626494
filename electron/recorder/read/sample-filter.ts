/** Which samples of a minute are meant, and under which key each is counted: worked out once for the minute's dictionaries. */
import type { ActivityFilter, Dimension } from '../../../shared/api/monitor.ts';
import { classOf, eventOf, idleTx, isForeground } from '../activity-class.ts';
import type { RecordingFile } from '../file/recording-file.ts';
import type { AshCore } from '../pack/ash-chunk.ts';

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
  const types = core.sessions.map(({ backendType }) => file.word(backendType));
  const withIdle = countsIdle(question);
  // By session kind and wait: foreground at an even place, background at the odd one after it.
  const classes = core.waits.flatMap((wait) => {
    const [state, type] = [file.word(wait.state), file.word(wait.type)];
    return [classOf('client backend', state, type), classOf('background', state, type)].map((name) =>
      name === null || (name === idleTx && !withIdle) ? '' : name,
    );
  });
  const events = core.waits.flatMap((wait, place) => {
    const event = file.word(wait.event);
    return [0, 1].map((kind) => eventOf(classes[place * 2 + kind] ?? '', event));
  });
  const kind = Uint8Array.from(types, (type) => (isForeground(type) ? 0 : 1));
  const queries = core.queries.map((query) => file.queryKey(query) ?? '');
  const sessionWord = (dimension: SessionDimension): string[] =>
    core.sessions.map((session) => file.word(session[dimension]) ?? '');

  const sessionOk = Uint8Array.from(core.sessions, (_, place) => (background || kind[place] === 0 ? 1 : 0));
  const waitOk = Uint8Array.from(classes, (name) => (name === '' ? 0 : 1));
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
  const needsQuery = by === 'query' || filters.some(({ dimension }) => dimension === 'query');
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
