import { UserCheck } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../../shared/api/base.ts';
import type { Step } from '../../../../shared/ddl/step.ts';
import { client } from '../../../client/connect.ts';
import { failureFrom } from '../../../client/failure.ts';
import { shownCount } from '../../../ui/amounts.ts';
import { Button } from '../../../ui/button.tsx';
import { FailureView } from '../../../ui/failure-view.tsx';
import { Field, Select } from '../../../ui/field.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { askGuard } from '../../../workspace/guard/guard-questions.ts';
import { runStepOf } from '../plan/script.ts';

type Seen = Extract<Awaited<ReturnType<typeof client.structure.actAs>>, { kind: 'seen' }>;
interface Props {
  readonly tabId: string;
  readonly place: { readonly connectionId: string; readonly database: string };
  /** As SQL. */
  readonly table: string;
  readonly roles: readonly string[];
  readonly steps: readonly Step[];
}

/** Tries the pending policy as a role: it is made, the table is read as that role, and all of it is rolled back. */
export function ActAs({ tabId, place, table, roles, steps }: Props) {
  const [role, setRole] = useState(roles[0] ?? '');
  const [busy, setBusy] = useState(false);
  const [seen, setSeen] = useState<(Seen & { role: string }) | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const tryIt = async (permit?: string): Promise<void> => {
    setBusy(true);
    setFailure(null);
    setSeen(null);
    try {
      const { connectionId, database } = place;
      const input = { connectionId, database, steps: steps.map((each) => runStepOf(each, null)), role, table };
      const answer = await client.structure.actAs({ ...input, ...(permit === undefined ? {} : { permit }) });
      if (answer.kind === 'seen') setSeen({ ...answer, role });
      else if (answer.kind === 'refused')
        setFailure({ kind: 'unsupported', needs: 'a connection that may write', message: answer.why });
      else {
        const notes = ['It is rolled back at once; until then nobody can read or write the table.'];
        const { question } = answer;
        if (await askGuard(tabId, { question, notes, runLabel: 'Run and roll back', onPlan: () => undefined }))
          await tryIt(question.permit);
      }
    } catch (thrown) {
      setFailure(failureFrom(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-label="Act as a role" className="mt-5 flex max-w-3xl flex-col gap-3 border-t border-line pt-4">
      <h2 className="text-sm font-semibold">Act as a role</h2>
      <p className="text-xs text-muted">
        Runs the pending steps, reads the table as the role would, and rolls everything back: what the policy lets it
        see.
      </p>
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Role" className="w-56">
          {(ids) => (
            <Select {...ids} value={role} onValue={setRole} options={roles.map((value) => ({ value, label: value }))} />
          )}
        </Field>
        <Button
          busy={busy}
          disabled={table === '' || role === ''}
          icon={<UserCheck size={14} strokeWidth={1.75} />}
          onClick={() => void tryIt()}
        >
          Try it
        </Button>
      </div>
      {failure && <FailureView failure={failure} />}
      {seen && <Rows seen={seen} />}
    </section>
  );
}

const most = 10_000;
const counted = (count: number): string => (count >= most ? `${shownCount(most)} or more` : shownCount(count));

function Rows({ seen }: { seen: Seen & { role: string } }) {
  return (
    <div className="flex flex-col gap-2">
      <p role="status" className="text-sm">
        {visibleText(seen.role)} sees {counted(seen.visible)} {seen.visible === 1 ? 'row' : 'rows'}, you see{' '}
        {counted(seen.all)}.
      </p>
      {seen.rows.length > 0 && (
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard, too
          tabIndex={0}
          aria-label="First rows in its sight"
          className="max-h-72 overflow-auto rounded-md border border-line"
        >
          <table className="selectable w-max border-separate border-spacing-0 text-xs">
            <thead>
              <tr>
                {seen.columns.map((column, at) => (
                  <th
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns may have the same name
                    key={at}
                    scope="col"
                    className="sticky top-0 border-b border-line bg-canvas px-2 py-1 text-left font-medium text-muted"
                  >
                    {visibleText(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {seen.rows.map((row, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows are only shown
                <tr key={at}>
                  {row.map((cell, column) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: as above
                    <td key={column} className="max-w-56 truncate border-b border-line px-2 py-1">
                      {cell === null ? <span className="text-faint">NULL</span> : visibleText(cell)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}
