import { type SqlEncoding, type SqlExam, type SqlPlan, sqlEncodings } from '../../../../shared/api/sql-import.ts';
import { shownCount } from '../../../ui/amounts.ts';
import { Field, Select } from '../../../ui/field.tsx';
import { Callout } from '../../../ui/states.tsx';

type Way = 'one' | 'each' | 'skip';
export const planOfWay: Readonly<Record<Way, Pick<SqlPlan, 'transaction' | 'onError'>>> = {
  one: { transaction: 'one', onError: 'stop' },
  each: { transaction: 'each', onError: 'stop' },
  skip: { transaction: 'each', onError: 'skip' },
};
export type { Way };

/** What is in the script, and how it is to be run. */
export function ExamView({ exam, way, onWay }: { exam: SqlExam; way: Way; onWay: (way: Way) => void }) {
  const { statements, copyRows, kinds, notInOne, isDump, passedOver, notes } = exam;
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm text-muted">
        {isDump ? 'A plain dump of pg_dump, whole to its last line: ' : ''}
        {shownCount(statements)} {statements === 1 ? 'statement' : 'statements'}
        {copyRows > 0 && `, ${shownCount(copyRows)} rows of COPY`}.
        {passedOver.length > 0 && ` ${passedOver.join(' and ')} mean nothing here and are passed over.`}
      </p>
      <ul
        aria-label="Statements by kind"
        className="grid max-h-44 grid-cols-3 gap-x-6 gap-y-0.5 overflow-auto rounded-md border border-line px-3 py-2 text-xs"
      >
        {kinds.map(({ command, count }) => (
          <li key={command} className="flex justify-between gap-2">
            <span className="truncate">{command}</span>
            <span className="text-muted tabular-nums">{shownCount(count)}</span>
          </li>
        ))}
      </ul>
      <Field label="How it is run">
        {(ids) => (
          <Select
            {...ids}
            value={way}
            options={[
              ...(notInOne ? [] : [{ value: 'one' as const, label: 'In one transaction: all or nothing' }]),
              { value: 'each', label: 'Each statement by itself, up to the first that fails' },
              { value: 'skip', label: 'Each statement by itself; those that fail are passed over' },
            ]}
            onValue={onWay}
          />
        )}
      </Field>
      {notInOne && (
        <Callout tone="info">
          It cannot be all or nothing: line {shownCount(notInOne.line)} has {notInOne.command.toUpperCase()}.
        </Callout>
      )}
      {notes.map((note) => (
        <Callout key={note} tone="info">
          {note}
        </Callout>
      ))}
    </div>
  );
}

/** In which encoding the script is read. */
export function EncodingField({
  encoding,
  found,
  onEncoding,
}: {
  encoding: SqlEncoding | null;
  found: SqlEncoding | null;
  onEncoding: (encoding: SqlEncoding | null) => void;
}) {
  const asSaid = { value: '' as const, label: found && encoding === null ? `As it says: ${found}` : 'As it says' };
  return (
    <Field label="Encoding" className="w-56">
      {(ids) => (
        <Select
          {...ids}
          value={encoding ?? ''}
          options={[asSaid, ...sqlEncodings.map((value) => ({ value, label: value }))]}
          onValue={(value) => onEncoding(value === '' ? null : value)}
        />
      )}
    </Field>
  );
}
