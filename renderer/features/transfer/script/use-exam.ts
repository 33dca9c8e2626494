import { useEffect, useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { SqlEncoding, SqlExam, SqlExamProgress } from '../../../../shared/api/sql-import.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';

export type Exam =
  | { readonly kind: 'reading'; readonly now: Extract<SqlExamProgress, { kind: 'progress' }> | null }
  | { readonly kind: 'done'; readonly exam: SqlExam }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What is in a chosen script; read anew for another encoding, and left where the dialog goes. */
export function useExam(token: string | null, encoding: SqlEncoding | null): Exam | null {
  const [exam, setExam] = useState<Exam | null>(null);
  useEffect(() => {
    if (token === null) return setExam(null);
    const own = new AbortController();
    setExam({ kind: 'reading', now: null });
    const read = async () => {
      for await (const event of await client.transfer.examineSql({ chosen: token, encoding }, { signal: own.signal })) {
        if (own.signal.aborted) return;
        setExam(event.kind === 'progress' ? { kind: 'reading', now: event } : event);
      }
    };
    read().catch((thrown) => {
      if (!own.signal.aborted) setExam({ kind: 'failed', failure: failureFrom(thrown) });
    });
    return () => own.abort();
  }, [token, encoding]);
  return exam;
}
