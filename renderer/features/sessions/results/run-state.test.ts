import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../shared/api/sessions.ts';
import { afterEvent, markedError, newRun, type RunState } from './run-state.ts';

const timings = { serverMs: 1, transferMs: 2, totalMs: 3 };
const fold = (events: readonly RunEvent[]): RunState => events.reduce(afterEvent, newRun(0));

describe('a run folded from its events', () => {
  it('counts the rows of each result apart', () => {
    const run = fold([
      { kind: 'statement', statement: 0, of: 2, range: { from: 0, to: 8 } },
      { kind: 'result', statement: 0, resultId: 'a', columns: [] },
      { kind: 'progress', resultId: 'a', rows: 5, bytes: 50 },
      { kind: 'result', statement: 1, resultId: 'b', columns: [] },
      { kind: 'progress', resultId: 'b', rows: 7, bytes: 70 },
      { kind: 'resultEnd', statement: 0, resultId: 'a', rows: 9, bytes: 90, cut: true, timings },
    ]);
    expect(run.results.map(({ resultId, rows, ended, cut }) => [resultId, rows, ended, cut])).toEqual([
      ['a', 9, true, true],
      ['b', 7, false, false],
    ]);
  });

  it('keeps one line for the notices that were not sent, with the last count', () => {
    const run = fold([
      { kind: 'noticesDropped', count: 10 },
      { kind: 'noticesDropped', count: 999_000 },
    ]);
    expect(run.messages).toEqual([{ kind: 'dropped', count: 999_000 }]);
  });

  it('ends with its outcome and has one error to mark', () => {
    const failed = (statement: number, message: string): RunEvent => ({
      kind: 'failed',
      statement,
      failure: { kind: 'internal', message },
      at: null,
      timings: null,
    });
    const run = fold([
      failed(1, 'first'),
      failed(2, 'second'),
      { kind: 'end', ran: 3, failed: 2, skipped: 0, totalMs: 12 },
    ]);
    expect(run.running).toBe(false);
    expect(run.outcome).toEqual({ ran: 3, failed: 2, skipped: 0, totalMs: 12 });
    expect(markedError({ run, failure: null })).toBeNull();
    const placed = fold([{ ...failed(0, 'here'), at: { from: 3, to: 7 } } as RunEvent]);
    expect(markedError({ run: placed, failure: null })).toEqual({ range: { from: 3, to: 7 }, message: 'here' });
    const refused = { kind: 'invalid', field: 'text', message: 'psql', at: 9, certainTo: 5 } as const;
    expect(markedError({ run: placed, failure: refused })).toEqual({ range: { from: 9, to: 9 }, message: 'psql' });
  });
});
