import type { DiagramContent, DiagramGraph } from '../../../shared/api/diagrams.ts';
import { shownCount } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, Field, Select } from '../../ui/field.tsx';
import { visibleText } from '../../ui/visible-text.ts';

export interface ChoosePanelProps {
  readonly graph: DiagramGraph;
  readonly content: DiagramContent;
  readonly onChange: (edit: Partial<DiagramContent>) => void;
}

const hopChoices = ['0', '1', '2', '3', '4', '5'].map((value) => ({
  value,
  label: value === '0' ? 'the table alone' : value === '1' ? '1 key away' : `${value} keys away`,
}));

/** What of the database is shown. */
export function ChoosePanel({ graph, content, onChange }: ChoosePanelProps) {
  const { choice, hidden } = content;
  const counts = new Map<string, number>();
  for (const { schema, parent, kind } of graph.tables)
    if (parent === null && kind !== 'view' && kind !== 'materializedView')
      counts.set(schema, (counts.get(schema) ?? 0) + 1);
  const schemas = [...new Set(graph.tables.map(({ schema }) => schema))].sort();
  const isShown = (schema: string) =>
    choice.kind === 'all' || (choice.kind === 'schemas' && choice.schemas.includes(schema));
  const toggle = (schema: string) => {
    const next = schemas.filter((each) => (each === schema ? !isShown(each) : isShown(each)));
    onChange({ choice: next.length === schemas.length ? { kind: 'all' } : { kind: 'schemas', schemas: next } });
  };
  return (
    <div className="flex w-64 flex-col gap-3">
      {choice.kind === 'around' ? (
        <>
          <Field label={`Around ${visibleText(choice.table)}`}>
            {(ids) => (
              <Select
                {...ids}
                value={String(choice.hops)}
                options={hopChoices}
                onValue={(hops) => onChange({ choice: { ...choice, hops: Number(hops) } })}
              />
            )}
          </Field>
          <Button small onClick={() => onChange({ choice: { kind: 'all' } })}>
            Show all tables
          </Button>
        </>
      ) : (
        <fieldset className="flex max-h-60 flex-col gap-1.5 overflow-auto">
          <legend className="pb-1.5 text-xs font-medium text-muted">Schemas</legend>
          {schemas.map((schema) => (
            <Checkbox
              key={schema}
              label={`${visibleText(schema)} (${shownCount(counts.get(schema) ?? 0)})`}
              checked={isShown(schema)}
              onChange={() => toggle(schema)}
            />
          ))}
        </fieldset>
      )}
      <div className="flex flex-col gap-1.5 border-t border-line pt-3">
        <Checkbox label="Views" checked={content.views} onChange={() => onChange({ views: !content.views })} />
        <Checkbox
          label="Each partition by itself"
          checked={content.partitions}
          onChange={() => onChange({ partitions: !content.partitions })}
        />
      </div>
      {hidden.length > 0 && (
        <Button small onClick={() => onChange({ hidden: [] })}>
          Show {shownCount(hidden.length)} hidden {hidden.length === 1 ? 'table' : 'tables'}
        </Button>
      )}
    </div>
  );
}
