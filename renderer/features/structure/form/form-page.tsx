import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { createWord, type FormKind, type FormValues } from '../../../../shared/api/structure.ts';
import { forms } from '../../../../shared/ddl/forms/forms.ts';
import type { Step } from '../../../../shared/ddl/step.ts';
import { client } from '../../../client/connect.ts';
import { useCall } from '../../../client/use-call.ts';
import { IconButton } from '../../../ui/button.tsx';
import { Pending } from '../../../ui/states.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { useSqlCompletion } from '../../../workspace/completion/use-sql-completion.ts';
import type { StructurePlace, TableSection } from '../../../workspace/structure/structure-place.ts';
import { closeTab } from '../../../workspace/tabs.ts';
import { changeDraft, type Draft, forgetDraft, putDraft } from '../drafts.ts';
import { PlanPane } from '../plan/plan-pane.tsx';
import { ReadingFailed } from '../reading-failed.tsx';
import { TwoPanes } from '../two-panes.tsx';
import { useDraftStart } from '../use-draft-start.ts';
import { ActAs } from './act-as.tsx';
import { type Choices, FormFields } from './form-fields.tsx';

type FormPlace = Extract<StructurePlace, { mode: 'create' | 'alter' }>;
interface FormModel {
  readonly kind: FormKind;
  readonly values: FormValues;
}

/** An object with a form: its fields at the left, what leads there at the right. */
export function FormPage({ tabId, place }: { tabId: string; place: FormPlace }) {
  const { connectionId, database } = place;
  const read = useCall(
    client.structure.form,
    place.mode === 'alter' ? { connectionId, database, object: place.object } : null,
  );
  const choices = useCall(client.structure.choices, { connectionId, database });
  const { draft, reread } = useDraftStart<FormModel, FormModel>(tabId, read, {
    fresh:
      place.mode === 'create'
        ? () => {
            const kind = place.create as FormKind;
            return { kind, values: forms[kind].start(place.schema ?? 'public', place.table ?? '') };
          }
        : null,
    model: ({ kind, values }) => ({ kind, values }),
  });
  const failure = read.state === 'failed' ? read.failure : choices.state === 'failed' ? choices.failure : null;
  if (failure && !draft) {
    return <ReadingFailed failure={failure} onAgain={read.state === 'failed' ? read.reload : choices.reload} />;
  }
  if (!draft || !choices.data) return <Pending label="Reading the catalog" />;
  return (
    <Filling
      tabId={tabId}
      place={place}
      draft={draft}
      choices={choices.data}
      onReread={reread}
      size={read.data?.size ?? null}
    />
  );
}

interface FillingProps {
  readonly tabId: string;
  readonly place: FormPlace;
  readonly draft: Draft<FormModel>;
  readonly choices: Choices;
  readonly size: Parameters<typeof PlanPane>[0]['size'];
  readonly onReread: () => void;
}
function Filling({ tabId, place, draft, choices, size, onReread }: FillingProps) {
  const { before, after, start } = draft;
  const intelligence = useSqlCompletion(place.connectionId, place.database);
  const [pristine] = useState(() => JSON.stringify(start));
  const major = Math.floor(choices.versionNum / 10_000);
  const form = forms[after.kind];
  const untouched = before === null && JSON.stringify(after) === pristine && hasNoText(after);
  const change = untouched ? { steps: [], problems: [] } : form.steps(before?.values ?? null, after.values, { major });
  const word = createWord(after.kind).toLowerCase();
  const set = (name: string, value: FormValues[string]) =>
    changeDraft<FormModel>(tabId, (now) => ({ ...now, values: { ...now.values, [name]: value } }));
  const title =
    place.mode === 'create'
      ? `New ${word}`
      : visibleText(`${place.object.schema === null ? '' : `${place.object.schema}.`}${place.object.name}`);
  const of = after.kind === 'userMapping' && before ? ` of ${visibleText(String(before.values.server))}` : '';
  return (
    <TwoPanes
      label="Resize the pending changes"
      first={
        <div className="flex h-full min-h-0 flex-col">
          <header className="flex h-9 shrink-0 items-center gap-2 border-b border-line px-4">
            <h1 className="selectable truncate text-sm font-semibold">{title}</h1>
            <span className="shrink-0 text-xs text-muted">
              {place.mode === 'create' ? place.database : `${createWord(after.kind)}${of}`}
            </span>
            {before !== null && (
              <span className="ml-auto">
                <IconButton label="Read again" icon={<RefreshCw size={15} strokeWidth={1.75} />} onClick={onReread} />
              </span>
            )}
          </header>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard, too */}
          <section aria-label={`Fields of the ${word}`} tabIndex={0} className="min-h-0 flex-1 overflow-auto p-4">
            <FormFields
              fields={form.fields}
              values={after.values}
              isNew={before === null}
              major={major}
              choices={choices}
              intelligence={intelligence}
              onChange={set}
              {...(place.mode === 'alter' && place.section ? { focused: fieldOf[place.section] } : {})}
            />
            {after.kind === 'policy' && (
              <ActAs
                tabId={tabId}
                place={place}
                table={String(after.values.table ?? '')}
                roles={choices.roles}
                steps={change.steps}
              />
            )}
          </section>
        </div>
      }
      second={
        <PlanPane
          tabId={tabId}
          connectionId={place.connectionId}
          database={place.database}
          change={change}
          size={size}
          safely={draft.safely}
          onSafely={(safely) => putDraft(tabId, { ...draft, safely })}
          onDone={() => {
            if (before === null) finish(tabId, `The ${word} was created.`);
            else if (change.steps.some(isRemade)) finish(tabId, `The ${word} was made anew.`);
            else onReread();
          }}
          onRevert={before === null ? undefined : () => putDraft(tabId, { ...draft, after: start })}
          empty={
            before === null
              ? 'Fill in the form; the SQL appears here.'
              : 'Change something at the left; the SQL appears here.'
          }
          runLabel={before === null ? `Create ${word}` : undefined}
        />
      }
    />
  );
}

/** Where what was asked for by its part stands in a form. */
const fieldOf: Readonly<Record<TableSection, string>> = {
  columns: 'attributes',
  constraints: 'checks',
  indexes: 'indexes',
  partitions: '',
};

/** A form that begins with a text of its own (a function) shows its SQL from the start. */
const hasNoText = ({ values }: FormModel): boolean => typeof values.definition !== 'string';

/** What cannot be altered was dropped and made again: it is another object now. */
const isRemade = ({ sql }: Step): boolean => /^DROP (EVENT TRIGGER|MATERIALIZED VIEW|POLICY|TRIGGER) /.test(sql);

/** What was made is in the tree now. */
function finish(tabId: string, words: string): void {
  forgetDraft(tabId);
  void closeTab(tabId);
  toast(words, 'success');
}
