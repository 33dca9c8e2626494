import { type ImportDialect, type ImportFormat, importFormats } from '../../../../shared/api/import-plan.ts';
import { textEncodings } from '../../../../shared/api/text-encodings.ts';
import type { FilePreview } from '../../../../shared/api/transfer.ts';
import { shownBytes } from '../../../ui/amounts.ts';
import { cx } from '../../../ui/class-names.ts';
import { Checkbox, Field, Select, TextInput } from '../../../ui/field.tsx';
import { Callout } from '../../../ui/states.tsx';
import { visibleText } from '../../../ui/visible-text.ts';

const labels: Record<ImportFormat, string> = {
  csv: 'CSV, separated values',
  text: 'Text of COPY (\\N, \\t)',
  json: 'JSON, an array',
  ndjson: 'NDJSON, an object a line',
  xlsx: 'Excel',
  parquet: 'Parquet',
};
const delimiters = [
  { value: ',', label: 'Comma' },
  { value: ';', label: 'Semicolon' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar |' },
  { value: '^', label: 'Caret ^' },
  { value: ':', label: 'Colon' },
];

/** How the file is read, with its first rows as they come out of it. */
export function ReadStep({
  preview,
  onDialect,
}: {
  preview: FilePreview;
  onDialect: (change: Partial<ImportDialect>) => void;
}) {
  const { dialect, notes } = preview;
  const separated = dialect.format === 'csv' || dialect.format === 'text';
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-3 gap-x-3 gap-y-2">
        <Field label="Form">
          {(ids) => (
            <Select
              {...ids}
              value={dialect.format}
              options={importFormats.map((value) => ({ value, label: labels[value] }))}
              onValue={(format) => onDialect({ format })}
            />
          )}
        </Field>
        {dialect.format === 'xlsx' && (
          <Field label="Sheet">
            {(ids) => (
              <Select
                {...ids}
                value={dialect.sheet ?? preview.sheets[0] ?? ''}
                options={preview.sheets.map((value) => ({ value, label: visibleText(value) }))}
                onValue={(sheet) => onDialect({ sheet })}
              />
            )}
          </Field>
        )}
        {dialect.format !== 'parquet' && dialect.format !== 'xlsx' && (
          <Field label="Encoding">
            {(ids) => (
              <Select
                {...ids}
                value={dialect.encoding}
                options={textEncodings.map((value) => ({ value, label: value }))}
                onValue={(encoding) => onDialect({ encoding })}
              />
            )}
          </Field>
        )}
        {separated && <Marks dialect={dialect} onDialect={onDialect} />}
      </div>
      {(separated || dialect.format === 'xlsx') && (
        <Checkbox
          label={separated ? 'The first line names the columns' : 'The first row names the columns'}
          checked={dialect.header}
          onChange={(event) => onDialect({ header: event.currentTarget.checked })}
        />
      )}
      {notes.length > 0 && (
        <Callout tone="warning" title="Look at this">
          <ul>
            {notes.map((note) => (
              <li key={note}>{visibleText(note)}</li>
            ))}
          </ul>
        </Callout>
      )}
      <PreviewTable preview={preview} />
    </div>
  );
}

function Marks({
  dialect,
  onDialect,
}: {
  dialect: ImportDialect;
  onDialect: (change: Partial<ImportDialect>) => void;
}) {
  return (
    <>
      <Field label="Between values">
        {(ids) => (
          <Select
            {...ids}
            value={dialect.delimiter}
            options={delimiters}
            onValue={(delimiter) => onDialect({ delimiter })}
          />
        )}
      </Field>
      {dialect.format === 'csv' && (
        <>
          <Field label="Quote">
            {(ids) => (
              <Select
                {...ids}
                value={dialect.quote}
                options={[
                  { value: '"', label: 'Double "' },
                  { value: "'", label: "Single '" },
                ]}
                onValue={(quote) => onDialect({ quote, ...(dialect.escape === '\\' ? {} : { escape: quote }) })}
              />
            )}
          </Field>
          <Field label="A quote within quotes">
            {(ids) => (
              <Select
                {...ids}
                value={dialect.escape === '\\' ? 'backslash' : 'doubled'}
                options={[
                  { value: 'doubled', label: 'Doubled' },
                  { value: 'backslash', label: 'After a backslash' },
                ]}
                onValue={(how) => onDialect({ escape: how === 'backslash' ? '\\' : dialect.quote })}
              />
            )}
          </Field>
        </>
      )}
      <Field label="Unquoted text that is NULL">
        {(ids) => (
          <TextInput
            {...ids}
            mono
            maxLength={40}
            placeholder={dialect.format === 'csv' ? 'an empty field' : '\\N'}
            value={dialect.nullText ?? ''}
            onChange={(event) => onDialect({ nullText: event.currentTarget.value || null })}
          />
        )}
      </Field>
    </>
  );
}

/** More columns than one can look at are counted. */
const shownColumns = 50;

function PreviewTable({ preview }: { preview: FilePreview }) {
  const { columns, rows, sizeBytes } = preview;
  const shown = columns.slice(0, shownColumns);
  return (
    <div className="flex flex-col gap-1">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it */}
      <div className="max-h-64 overflow-auto rounded-md border border-line" tabIndex={0}>
        <table className="text-xs">
          <caption className="sr-only">First rows of the file</caption>
          <thead className="sticky top-0 bg-canvas text-left">
            <tr>
              {shown.map(({ name, type }) => (
                <th key={name} className="border-r border-line px-2 py-1 font-medium whitespace-nowrap last:border-r-0">
                  {visibleText(name)} <span className="font-normal text-faint">{type}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a file have nothing else
              <tr key={at} className="border-t border-line">
                {shown.map(({ name }, column) => (
                  <td
                    key={name}
                    className={cx(
                      'max-w-72 truncate border-r border-line px-2 py-0.5 font-mono last:border-r-0',
                      row[column] === null && 'text-faint italic',
                    )}
                  >
                    {row[column] === null ? 'NULL' : visibleText(row[column] ?? '')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="text-xs text-faint">
        {columns.length} {columns.length === 1 ? 'column' : 'columns'}
        {columns.length > shownColumns && `, the first ${shownColumns} shown`}; {shownBytes(sizeBytes)}
      </p>
    </div>
  );
}
