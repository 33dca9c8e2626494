/** What the play of the sample's services is made of. */
import type { PlainClient } from '../../../postgres/plain-client.ts';

/** What an actor gets: its connection, and pauses that end when the workload does. */
export interface Stage {
  readonly client: PlainClient;
  /** Waits about so long, 50 to 150 %. Throws when the workload ends. */
  pause(ms: number): Promise<void>;
  /** Runs a statement whose failure is part of the play. */
  attempt(sql: string, values?: readonly unknown[]): Promise<void>;
}
export interface Actor {
  /** As application_name. Two with the same name are two instances of one service. */
  readonly name: string;
  readonly user: string;
  /** One turn; called again and again. */
  play(stage: Stage): Promise<void>;
}
