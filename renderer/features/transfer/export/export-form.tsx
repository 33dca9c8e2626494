import { type TextEncoding, textEncodings } from '../../../../shared/api/text-encodings.ts';
import { type ExportFormat, exportFormats } from '../../../../shared/api/transfer.ts';
import { isContainer } from '../../../../shared/transfer/export-file.ts';
import { Checkbox, Field, Segmented, Select, TextArea, TextInput } from '../../../ui/field.tsx';
import { choose, splitProblem, useChoices } from './export-choices.ts';

const labels: Record<ExportFormat, string> = {
  csv: 'CSV',
  tsv: 'TSV',
  json: 'JSON',
  ndjson: 'NDJSON',
  xlsx: 'Excel',
  parquet: 'Parquet',
  sql: 'SQL',
  markdown: 'Markdown',
  html: 'HTML',
};
const explained: Record<ExportFormat, string> = {
  csv: 'As COPY … CSV writes it: NULL is an empty field, an empty text is "".',
  tsv: 'As COPY writes text: tabs between fields, NULL as \\N, backslashes before what is special.',
  json: 'One array of objects; numbers keep all their digits.',
  ndjson: 'One object a line; numbers keep all their digits.',
  xlsx: 'A workbook with a sheet a table. Numbers of more than 15 digits become texts; nothing becomes a formula.',
  parquet: 'Columns with their types, compressed. Numbers without a declared precision become texts.',
  sql: 'A script that puts the rows into a table again.',
  markdown: 'A table of GitHub’s Markdown.',
  html: 'A page with a table that opens in every browser.',
};
const delimiters = [
  { value: '', label: 'Usual' },
  { value: ',', label: 'Comma' },
  { value: ';', label: 'Semicolon' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar |' },
  { value: '^', label: 'Caret ^' },
];
const encodingLabels: Partial<Record<TextEncoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-8-bom': 'UTF-8 with BOM (for Excel)',
  'utf-16le': 'UTF-16',
};

/** The format and what belongs to it. @param named the rows are a query's: SQL wants a table for them */
export function ExportForm({ named }: { named: boolean }) {
  const { format } = useChoices();
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-col gap-1">
        <span className="text-xs font-medium text-muted">Format</span>
        <div className="-mx-1 overflow-x-auto px-1 [scrollbar-width:none]">
          <Segmented
            label="Format"
            value={format}
            options={exportFormats.map((value) => ({ value, label: labels[value] }))}
            onValue={(value) => choose({ format: value })}
          />
        </div>
        <p className="text-xs text-faint">{explained[format]}</p>
      </div>
      {(format === 'csv' || format === 'tsv') && <Separated />}
      {format === 'sql' && <SqlChoices named={named} />}
      {format === 'xlsx' && <HeaderLine label="First row with the column names" />}
      {!isContainer(format) && <Packing />}
    </div>
  );
}

function HeaderLine({ label }: { label: string }) {
  const { header } = useChoices();
  return (
    <Checkbox label={label} checked={header} onChange={(event) => choose({ header: event.currentTarget.checked })} />
  );
}

function Separated() {
  const chosen = useChoices();
  const csv = chosen.format === 'csv';
  return (
    <>
      <div className="grid grid-cols-3 gap-x-3 gap-y-2">
        <Field label="Between values">
          {(ids) => (
            <Select
              {...ids}
              value={chosen.delimiter}
              options={delimiters.map((each) =>
                each.value === '' ? { value: '', label: csv ? 'Comma (usual)' : 'Tab (usual)' } : each,
              )}
              onValue={(delimiter) => choose({ delimiter })}
            />
          )}
        </Field>
        <Field label="NULL is written as">
          {(ids) => (
            <TextInput
              {...ids}
              mono
              maxLength={40}
              placeholder={csv ? 'nothing' : '\\N'}
              value={chosen.nullText}
              onChange={(event) => choose({ nullText: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label="Encoding">
          {(ids) => (
            <Select
              {...ids}
              value={chosen.encoding}
              options={textEncodings.map((value) => ({ value, label: encodingLabels[value] ?? value }))}
              onValue={(encoding) => choose({ encoding })}
            />
          )}
        </Field>
        {csv && <CsvMarks />}
      </div>
      <div className="flex flex-col gap-1.5">
        <HeaderLine label="First line with the column names" />
        <Checkbox
          label="Safe for spreadsheets"
          hint="A value that would run as a formula gets an apostrophe before it. Such a file is not for importing again."
          checked={chosen.spreadsheetSafe}
          onChange={(event) => choose({ spreadsheetSafe: event.currentTarget.checked })}
        />
      </div>
    </>
  );
}

function CsvMarks() {
  const chosen = useChoices();
  return (
    <>
      <Field label="Quote">
        {(ids) => (
          <Select
            {...ids}
            value={chosen.quote}
            options={[
              { value: '"', label: 'Double "' },
              { value: "'", label: "Single '" },
            ]}
            onValue={(quote) => choose({ quote, ...(chosen.escape === '\\' ? {} : { escape: quote }) })}
          />
        )}
      </Field>
      <Field label="A quote within quotes">
        {(ids) => (
          <Select
            {...ids}
            value={chosen.escape === '\\' ? 'backslash' : 'doubled'}
            options={[
              { value: 'doubled', label: 'Doubled' },
              { value: 'backslash', label: 'After a backslash' },
            ]}
            onValue={(how) => choose({ escape: how === 'backslash' ? '\\' : chosen.quote })}
          />
        )}
      </Field>
      <Field label="Lines end with">
        {(ids) => (
          <Select
            {...ids}
            value={chosen.lineEnd}
            options={[
              { value: 'lf', label: 'LF (Unix)' },
              { value: 'crlf', label: 'CR LF (Windows)' },
            ]}
            onValue={(lineEnd) => choose({ lineEnd })}
          />
        )}
      </Field>
      <Field label="Always in quotes">
        {(ids) => (
          <Select
            {...ids}
            value={chosen.forceQuote}
            options={[
              { value: 'none', label: 'Nothing: where needed' },
              { value: 'all', label: 'Every value' },
              { value: 'columns', label: 'Some columns' },
            ]}
            onValue={(forceQuote) => choose({ forceQuote })}
          />
        )}
      </Field>
      {chosen.forceQuote === 'columns' && (
        <Field label="Columns, one a line" className="col-span-2">
          {(ids) => (
            <TextArea
              {...ids}
              mono
              rows={2}
              value={chosen.quotedColumns}
              onChange={(event) => choose({ quotedColumns: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}

function SqlChoices({ named }: { named: boolean }) {
  const { sqlStyle, tableName } = useChoices();
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-2">
      <Field label="Statements">
        {(ids) => (
          <Select
            {...ids}
            value={sqlStyle}
            options={[
              { value: 'rows', label: 'INSERT of many rows' },
              { value: 'insert', label: 'INSERT of one row each' },
              { value: 'copy', label: 'COPY with its data (quickest)' },
            ]}
            onValue={(value) => choose({ sqlStyle: value })}
          />
        )}
      </Field>
      {named && (
        <Field label="Into the table">
          {(ids) => (
            <TextInput
              {...ids}
              mono
              maxLength={200}
              placeholder="table_name"
              value={tableName}
              onChange={(event) => choose({ tableName: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}

function Packing() {
  const chosen = useChoices();
  return (
    <div className="grid grid-cols-3 gap-x-3 gap-y-2">
      <Field label="Compression">
        {(ids) => (
          <Select
            {...ids}
            value={chosen.compression}
            options={[
              { value: 'none', label: 'None' },
              { value: 'gzip', label: 'gzip' },
              { value: 'zstd', label: 'Zstandard' },
            ]}
            onValue={(compression) => choose({ compression })}
          />
        )}
      </Field>
      <Field label="New file after (MB)" error={splitProblem(chosen) ?? undefined}>
        {(ids) => (
          <TextInput
            {...ids}
            inputMode="decimal"
            placeholder="one file"
            value={chosen.splitMegabytes}
            onChange={(event) => choose({ splitMegabytes: event.currentTarget.value })}
          />
        )}
      </Field>
    </div>
  );
}
