/** The keys of a diagram: a path along them, and those that the database does not declare. */
import { failureFrom } from '../../../client/failure.ts';
import type { MenuEntry } from '../../../ui/menu.tsx';
import { toast } from '../../../ui/toast.tsx';
import { visibleText } from '../../../ui/visible-text.ts';
import { setVirtualKeys, showPath } from '../diagram-actions.ts';
import type { DiagramModel } from '../diagram-model.ts';

export function keysMenu(
  model: DiagramModel,
  { onDraw, onSuggest }: { onDraw: () => void; onSuggest: () => void },
): MenuEntry[] {
  const { selected, virtualKeys, path } = model.store.getState();
  const remove = (id: string) =>
    void setVirtualKeys(
      model,
      virtualKeys.filter((key) => key.id !== id),
    ).catch((thrown) => toast(failureFrom(thrown).message, 'danger'));
  return [
    path
      ? { label: 'Leave the path', run: () => model.store.setState({ path: null }) }
      : { label: 'Path between two selected tables', disabled: selected.size !== 2, run: () => showPath(model) },
    { kind: 'separator' },
    { label: 'Draw a key by hand…', run: onDraw },
    { label: 'Suggest keys that are not declared…', run: onSuggest },
    ...(virtualKeys.length > 0
      ? ([
          {
            kind: 'submenu',
            label: 'Remove a drawn key',
            entries: virtualKeys.map((key) => ({
              label: visibleText(`${key.from} (${key.fromColumns.join(', ')}) → ${key.to}`),
              run: () => remove(key.id),
            })),
          },
        ] satisfies MenuEntry[])
      : []),
  ];
}
