/** pg's connection with our walker in front of its parser: rows go to a sink, the rest to pg. */
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { MessageWalker } from './message-walker.ts';

declare module 'pg' {
  interface Connection {
    /** Reads messages from the stream and emits each by its name. */
    attachListeners(stream: EventEmitter): void;
  }
  interface Client {
    processID: number | null;
    secretKey: number | null;
  }
}

/**
 * UTF-8, but for a database without an encoding: there UTF8 would make the server refuse every value that is not
 * UTF-8, so the bytes are taken as they are.
 */
export const encodingFor = (connection: RowConnection): 'UTF8' | 'SQL_ASCII' =>
  connection.reported.get('server_encoding') === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8';

export class RowConnection extends pg.Connection {
  readonly walker: MessageWalker;
  /** What the server reports of its settings, now: `client_encoding`, `standard_conforming_strings`, … */
  readonly reported = new Map<string, string>();
  readonly #rest = new EventEmitter();

  /** @param rows what becomes of rows while no sink is set: `pass` lets pg decode them */
  constructor(stream: Duplex, rows: 'pass' | 'discard') {
    super({ stream: () => stream });
    this.walker = new MessageWalker(
      {
        rest: (bytes) => this.#rest.emit('data', bytes),
        broken: (message) => stream.destroy(new Error(message)),
      },
      rows,
    );
    this.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) =>
      this.reported.set(message.parameterName, message.parameterValue),
    );
  }

  override attachListeners(stream: EventEmitter): void {
    super.attachListeners(this.#rest);
    stream.on('data', (chunk: Buffer) => this.walker.push(chunk));
  }
}
