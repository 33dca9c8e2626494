/** A batch of records that were read here: their bytes are made as COPY's text format has them. */
import { tsvFormat } from '../../result/encode/tsv-format.ts';
import { writtenRows } from '../write-rows.ts';
import type { SourceBatch, SourceRecord } from './source-batch.ts';

export function fieldsBatch(records: readonly SourceRecord[]): SourceBatch {
  const whole = records.every((record) => 'fields' in record);
  return {
    count: records.length,
    line: records[0]?.line ?? 0,
    raw: whole ? [copyText(records.map((record) => ('fields' in record ? record.fields : [])))] : null,
    records: () => records,
  };
}

/** Rows as COPY … FROM STDIN takes them in its text format. */
export const copyText = (rows: readonly (readonly (string | null)[])[]): Buffer => writtenRows(tsvFormat(null), rows);
