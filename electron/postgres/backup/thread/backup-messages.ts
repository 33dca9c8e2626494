/** What the host and the thread of a backup, restore or drill say to each other. */
import type { Failure } from '../../../../shared/api/base.ts';
import type { BackupForm } from '../../../../shared/api/dump-tool.ts';
import type { ConnectSpec } from '../../source.ts';
import type { BackupProgress } from '../progress.ts';
import type { RestoreRequest } from '../restore/run-restore.ts';
import type { BackupRequest } from '../run-backup.ts';
import type { DrillOutcome } from '../run-drill.ts';

export type BackupWork =
  | { readonly kind: 'backup'; readonly request: BackupRequest }
  | { readonly kind: 'restore'; readonly request: RestoreRequest }
  | { readonly kind: 'script'; readonly request: RestoreRequest }
  | { readonly kind: 'verify'; readonly path: string }
  | { readonly kind: 'drill'; readonly spec: ConnectSpec; readonly path: string; readonly form: BackupForm };

export interface BackupDone {
  readonly items: number;
  readonly rows: number;
  readonly rawBytes: number;
  readonly sizeBytes: number;
  readonly tookMs: number;
  readonly serverVersion: string;
  readonly whole: boolean;
  readonly warnings: readonly string[];
  /** What did not work, where it went on all the same. */
  readonly failures: readonly string[];
  readonly drill: DrillOutcome | null;
}

export type FromBackup =
  | { readonly kind: 'progress'; readonly progress: BackupProgress }
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'done'; readonly done: BackupDone }
  | { readonly kind: 'failed'; readonly failure: Failure };
export interface ToBackup {
  readonly kind: 'stop';
}
