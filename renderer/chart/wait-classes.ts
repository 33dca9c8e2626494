/** Wait classes: their colours and patterns, in the order in which they are stacked (CPU at the bottom). */
import type { Pattern } from './paint.ts';

export interface WaitClass {
  readonly key: string;
  readonly label: string;
  readonly color: string;
  readonly pattern: Pattern;
  /** One sentence. */
  readonly meaning: string;
}

export const waitClasses: readonly WaitClass[] = [
  {
    key: 'CPU',
    label: 'CPU*',
    color: '--wait-cpu',
    pattern: 'plain',
    meaning: 'Active and not waiting for anything the server names: computing, or waiting for a processor.',
  },
  { key: 'IO', label: 'IO', color: '--wait-io', pattern: 'rise', meaning: 'Reading or writing files.' },
  {
    key: 'LWLock',
    label: 'LWLock',
    color: '--wait-lwlock',
    pattern: 'dots',
    meaning: 'Waiting for one of the server’s internal, short locks.',
  },
  {
    key: 'Lock',
    label: 'Lock',
    color: '--wait-lock',
    pattern: 'fall',
    meaning: 'Waiting for a lock on a row, a table or another object that another session holds.',
  },
  {
    key: 'BufferPin',
    label: 'BufferPin',
    color: '--wait-bufferpin',
    pattern: 'columns',
    meaning: 'Waiting until nobody reads a page any more.',
  },
  { key: 'IPC', label: 'IPC', color: '--wait-ipc', pattern: 'rows', meaning: 'Waiting for another server process.' },
  {
    key: 'Client',
    label: 'Client',
    color: '--wait-client',
    pattern: 'grid',
    meaning: 'Waiting for the client to send or to take data.',
  },
  { key: 'Timeout', label: 'Timeout', color: '--wait-timeout', pattern: 'dash', meaning: 'Sleeping for a set time.' },
  {
    key: 'Extension',
    label: 'Extension',
    color: '--wait-extension',
    pattern: 'wide',
    meaning: 'Waiting in an extension.',
  },
  {
    key: 'Activity',
    label: 'Activity',
    color: '--wait-activity',
    pattern: 'rows',
    meaning: 'A background process waiting for work.',
  },
  {
    key: 'IdleTx',
    label: 'Idle in transaction',
    color: '--wait-idletx',
    pattern: 'wide',
    meaning: 'A transaction is open and its client does nothing: no load, but it may hold locks and keep VACUUM back.',
  },
  { key: 'other', label: 'Other', color: '--wait-other', pattern: 'plain', meaning: 'What does not fit elsewhere.' },
];

/** The class of that key; what is not known is drawn as other. */
export const waitClass = (key: string): WaitClass =>
  waitClasses.find((each) => each.key === key || each.label === key) ??
  ({ ...waitClasses.at(-1), key, label: key } as WaitClass);

/** Where the class stands in the stack, from the bottom. */
export const waitClassRank = (key: string): number => {
  const at = waitClasses.findIndex((each) => each.key === key);
  return at < 0 ? waitClasses.length : at;
};

/** For series that are no wait classes, in order; then from the start with a pattern. */
const seriesColors = [
  '--tag-teal',
  '--tag-orange',
  '--tag-blue',
  '--tag-pink',
  '--tag-green',
  '--tag-purple',
  '--tag-yellow',
  '--tag-red',
] as const;
const seriesPatterns: readonly Pattern[] = ['plain', 'rise', 'dots', 'rows'];

export const seriesColor = (at: number): { readonly color: string; readonly pattern: Pattern } => ({
  color: seriesColors[at % seriesColors.length] ?? '--tag-teal',
  pattern: seriesPatterns[Math.floor(at / seriesColors.length) % seriesPatterns.length] ?? 'plain',
});
