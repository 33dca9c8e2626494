import { useEffect, useState } from 'react';
import { client } from '../../client/connect.ts';
import { failureFrom } from '../../client/failure.ts';
import { useStream } from '../../client/use-stream.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { toast } from '../../ui/toast.tsx';
import { visibleLines, visibleText } from '../../ui/visible-text.ts';
import { useCommand } from '../../workspace/commands.ts';
import type { Tab } from '../../workspace/tab.ts';
import { changeTab, useTabs } from '../../workspace/tabs.ts';
import { textNow } from '../../workspace/texts.ts';
import { openText, type QueryPlace, useLibrary } from './library.ts';
import { NameDialog, type Named } from './name-dialog.tsx';

type QueryTab = Tab & { readonly place: QueryPlace };

const activeQuery = (): QueryTab | null => {
  const { tabs, activeId } = useTabs.getState();
  const tab = tabs.find((each) => each.id === activeId);
  return tab?.place.kind === 'query' ? { ...tab, place: tab.place } : null;
};
const tabNow = (id: string): QueryTab | null => {
  const tab = useTabs.getState().tabs.find((each) => each.id === id);
  return tab?.place.kind === 'query' ? { ...tab, place: tab.place } : null;
};

interface Conflict {
  readonly tab: QueryTab;
  readonly theirs: string;
  readonly digest: string;
}

/** Saving from the tab in front: by key from anywhere, with the questions that come of it. Once, in the shell. */
export function SaveQueries() {
  const [naming, setNaming] = useState<QueryTab | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  useStream(client.queries.watch, undefined, (library) => useLibrary.setState({ ...library, loaded: true }));
  useOutsideChanges();

  const saved = (tabId: string, query: { id: string; name: string; digest: string }) => {
    const tab = tabNow(tabId);
    if (!tab) return;
    changeTab(tabId, { title: query.name, place: { ...tab.place, saved: { id: query.id, digest: query.digest } } });
    toast(`Saved “${visibleText(query.name)}”.`, 'success');
  };
  const saveAs = async (tab: QueryTab, named: Named): Promise<void> => {
    const { connectionId } = tab.place;
    const { text } = textNow(tab.id);
    const answer = await client.queries.save({ ...named, text, connectionId, basedOn: null });
    if (answer.kind === 'saved') saved(tab.id, answer.query);
  };
  const saveOver = async (tab: QueryTab, basedOn: string): Promise<void> => {
    const known = useLibrary.getState().queries.find(({ id }) => id === tab.place.saved?.id);
    // It was deleted meanwhile: the text is saved anew.
    if (!known) return setNaming(tab);
    const { id, group, name } = known;
    const { text } = textNow(tab.id);
    const answer = await client.queries.save({ id, group, name, text, connectionId: tab.place.connectionId, basedOn });
    if (answer.kind === 'saved') saved(tab.id, answer.query);
    else setConflict({ tab, theirs: answer.theirs, digest: answer.digest });
  };
  const save = () => {
    const tab = activeQuery();
    if (!tab) return;
    const { saved: link } = tab.place;
    if (!link) setNaming(tab);
    else saveOver(tab, link.digest).catch((thrown) => toast(failureFrom(thrown).message, 'danger'));
  };
  useCommand('query.save', save, () => activeQuery() !== null);
  useCommand(
    'query.saveAs',
    () => setNaming(activeQuery()),
    () => activeQuery() !== null,
  );
  return (
    <>
      {naming && (
        <NameDialog
          title="Save the query"
          confirmLabel="Save"
          before={{ name: naming.title, group: groupOf(naming) }}
          onName={(named) => saveAs(naming, named)}
          onClose={() => setNaming(null)}
        />
      )}
      {conflict && (
        <ConflictDialog
          conflict={conflict}
          onClose={() => setConflict(null)}
          onOver={() => {
            setConflict(null);
            saveOver(conflict.tab, conflict.digest).catch((thrown) => toast(failureFrom(thrown).message, 'danger'));
          }}
          onAsNew={() => {
            setConflict(null);
            setNaming(conflict.tab);
          }}
        />
      )}
    </>
  );
}

const groupOf = (tab: QueryTab): string =>
  useLibrary.getState().queries.find(({ id }) => id === tab.place.saved?.id)?.group ?? '';

function ConflictDialog({
  conflict,
  onClose,
  onOver,
  onAsNew,
}: {
  conflict: Conflict;
  onClose: () => void;
  onOver: () => void;
  onAsNew: () => void;
}) {
  const { tab, theirs } = conflict;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`“${visibleText(tab.title)}” was changed elsewhere`}
      description="In another window, or in its file. Nothing has been written over."
      footerStart={<Button onClick={() => openText(`${tab.title}, as saved`, theirs)}>Show what is there</Button>}
      footer={
        <>
          <Button kind="danger" onClick={onOver}>
            Write over it
          </Button>
          <Button kind="primary" onClick={onAsNew}>
            Save mine as…
          </Button>
        </>
      }
    >
      <pre className="selectable max-h-64 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs whitespace-pre-wrap">
        {visibleLines(theirs.slice(0, 5000))}
      </pre>
    </Dialog>
  );
}

/** Says once that a query which is open here has another text now. */
function useOutsideChanges(): void {
  const queries = useLibrary((library) => library.queries);
  useEffect(() => {
    for (const tab of useTabs.getState().tabs) {
      if (tab.place.kind !== 'query' || !tab.place.saved) continue;
      const { id, digest } = tab.place.saved;
      const now = queries.find((each) => each.id === id);
      if (!now || now.digest === digest || told.has(`${id} ${now.digest}`)) continue;
      told.add(`${id} ${now.digest}`);
      // Our own save tells the library before it tells the tab.
      setTimeout(() => {
        const later = tabNow(tab.id);
        if (later?.place.saved?.digest === now.digest || later?.place.saved?.id !== id) return;
        toast(`“${visibleText(now.name)}” was changed elsewhere. What you have here is kept.`, 'warning', {
          label: 'Show what is there',
          run: () =>
            void client.queries.get({ id }).then(
              ({ text, name }) => openText(`${name}, as saved`, text),
              (thrown) => toast(failureFrom(thrown).message, 'danger'),
            ),
        });
      }, 1000);
    }
  }, [queries]);
}
const told = new Set<string>();
