/** What the host and a recorder's thread say to each other. */
import type { Failure } from '../../../shared/api/base.ts';
import type { ReadingSoFar, Retention } from '../../../shared/api/recordings.ts';
import type { ConnectSpec } from '../../postgres/source.ts';
import type { FollowState } from '../home/follow.ts';

export interface RecorderStart {
  readonly file: string;
  readonly name: string;
  readonly connectionId: string | null;
  readonly everyMs: number;
  /** It has a second home. */
  readonly home: boolean;
  /** A pooler is named whose counters are recorded along. */
  readonly pooler: boolean;
}

/** Where a connection is wanted to: the server, the second home, or the pooler that is named. */
export type Destination = 'server' | 'home' | 'pooler';

export type ToRecorder =
  /** Where to connect, as asked for; or why that is not known. */
  | { readonly kind: 'spec'; readonly id: number; readonly spec: ConnectSpec }
  | { readonly kind: 'noSpec'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'burst'; readonly forMs: number }
  | { readonly kind: 'watched'; readonly on: boolean }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'resumed' }
  /** Whether what is recorded is brought to a second home. */
  | { readonly kind: 'home'; readonly on: boolean }
  | { readonly kind: 'pooler'; readonly on: boolean }
  | { readonly kind: 'setRetention'; readonly retention: Retention }
  | { readonly kind: 'stop' };

export type FromRecorder =
  | { readonly kind: 'specWanted'; readonly id: number; readonly database: string | null; readonly to: Destination }
  /** The file is there and can be read. */
  | { readonly kind: 'ready'; readonly retention: Retention }
  | { readonly kind: 'state'; readonly serverVersion: string | null; readonly trouble: Failure | null }
  | { readonly kind: 'tick'; readonly atMs: number }
  | { readonly kind: 'gap'; readonly reason: string }
  /** How far a run that takes long has come; null: it is over. */
  | { readonly kind: 'reading'; readonly collector: string; readonly reading: ReadingSoFar | null }
  | ({ readonly kind: 'home' } & FollowState)
  | { readonly kind: 'retention'; readonly retention: Retention }
  /** Nothing more will come; the failure is why, where it was not asked to stop. */
  | { readonly kind: 'stopped'; readonly failure: Failure | null };
