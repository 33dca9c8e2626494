/** Backups, schedules and jobs as every page sees them: one line from the backend, kept while somebody looks. */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { Backup, BackupJob, ScheduleNow } from '../../../shared/api/backups.ts';
import type { Failure } from '../../../shared/api/base.ts';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';

interface Feed {
  readonly loaded: boolean;
  readonly backups: readonly Backup[];
  readonly folder: string;
  readonly mayChooseFolder: boolean;
  readonly schedules: readonly ScheduleNow[];
  readonly jobs: readonly BackupJob[];
  readonly failure: Failure | null;
}

export const useBackups = create<Feed>(() => ({
  loaded: false,
  backups: [],
  folder: '',
  mayChooseFolder: false,
  schedules: [],
  jobs: [],
  failure: null,
}));

export async function readBackups(): Promise<void> {
  try {
    const [list, schedules] = await Promise.all([client.backups.list(), client.backups.schedules()]);
    useBackups.setState({ ...list, schedules, loaded: true, failure: null });
  } catch (thrown) {
    useBackups.setState({ failure: failureFrom(thrown) });
  }
}

let lookers = 0;
let stop: AbortController | null = null;

async function listen(signal: AbortSignal): Promise<void> {
  try {
    for await (const event of await client.backups.follow(undefined, { signal })) {
      if (event.kind === 'list') void readBackups();
      else {
        const { job } = event;
        useBackups.setState(({ jobs }) => ({
          jobs: jobs.some(({ id }) => id === job.id)
            ? jobs.map((each) => (each.id === job.id ? job : each))
            : [...jobs, job],
        }));
      }
    }
  } catch (thrown) {
    if (!signal.aborted) useBackups.setState({ failure: failureFrom(thrown) });
  }
}

/** Keeps the feed current while the component is shown. */
export function useBackupFeed(): void {
  useEffect(() => {
    lookers++;
    if (lookers === 1) {
      stop = new AbortController();
      useBackups.setState({ jobs: [] });
      void readBackups();
      void listen(stop.signal);
    }
    return () => {
      lookers--;
      if (lookers === 0) stop?.abort();
    };
  }, []);
}
