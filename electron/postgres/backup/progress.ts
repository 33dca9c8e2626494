/** What a backup or a restore tells of itself while it runs. */
export interface BackupProgress {
  readonly step: 'connecting' | 'reading' | 'copying' | 'making' | 'verifying' | 'finishing';
  /** Objects, or items, of how many. */
  readonly done: number;
  readonly all: number;
  /** COPY text so far, and as much as there is or may be; null where nobody knows. */
  readonly bytes: number;
  readonly allBytes: number | null;
  /** What is being worked on. */
  readonly now: readonly string[];
}
export type OnProgress = (progress: BackupProgress) => void;
/** A line for the log. */
export type OnLine = (line: string) => void;

/** To whom work on a backup tells how it goes, and who may stop it. */
export interface WorkTold {
  readonly onProgress?: OnProgress | undefined;
  readonly onLine?: OnLine | undefined;
  readonly signal?: AbortSignal | undefined;
}
