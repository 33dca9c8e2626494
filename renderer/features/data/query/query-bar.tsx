import { LoaderCircle, Search, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { behind } from '../../../../shared/complete/look/sql-intelligence.ts';
import { qualified } from '../../../../shared/sql/quote.ts';
import { loadKept, refresh } from '../../../client/catalogs.ts';
import { IconButton } from '../../../ui/button.tsx';
import { intelligenceOf } from '../../../workspace/completion/intelligence.ts';
import { applyQuery, type DataTab, stopTrying, wantedQuery } from '../data-tab.ts';
import { ConditionInput, type Offer } from './condition-input.tsx';

/** Suggestions for a text behind these words. */
function offerBehind(head: string, tab: DataTab): (text: string, caret: number) => Offer | null {
  const { connectionId, database } = tab.where;
  return behind(head, intelligenceOf({ connectionId, database })).complete;
}

/** Which rows and in which order: what one writes behind WHERE and ORDER BY, and a search over all columns. */
export function QueryBar({ tab }: { tab: DataTab }) {
  const { query, trying, fault } = useStore(tab.store);
  const { connectionId, database } = tab.where;
  const [readAt, setReadAt] = useState(0);
  useEffect(() => {
    const where = { connectionId, database };
    const told = () => setReadAt(performance.now());
    // Without a catalog nothing is suggested, and everything else works.
    void loadKept(where)
      .then(told)
      .then(() => refresh(where))
      .then(told)
      .catch(() => undefined);
  }, [connectionId, database]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was asked before the catalog came is asked again
  const [offerWhere, offerOrder] = useMemo(() => {
    const from = `select * from ${qualified(tab.model.schema, tab.model.name)}`;
    return [offerBehind(`${from} where `, tab), offerBehind(`${from} order by `, tab)];
  }, [tab, readAt]);
  const apply = (change: Partial<typeof query>) => void applyQuery(tab, { ...wantedQuery(tab), ...change });
  const faultOf = (field: string) => (fault?.field === field ? fault : null);
  return (
    <div className="flex shrink-0 items-center gap-2 border-b border-line bg-canvas px-2 py-1.5">
      <ConditionInput
        label="WHERE: condition"
        word="WHERE"
        placeholder="Condition, for example price > 10"
        value={query.where}
        fault={faultOf('where')}
        offer={offerWhere}
        onApply={(where) => apply({ where })}
        className="flex-[3]"
        focusKey="data-where"
      />
      <ConditionInput
        label="ORDER BY: columns"
        word="ORDER BY"
        placeholder={tab.model.key ? 'Key' : 'As stored'}
        value={query.orderBy}
        fault={faultOf('orderBy')}
        offer={offerOrder}
        onApply={(orderBy) => apply({ orderBy })}
        className="flex-[2]"
      />
      <QuickSearch value={query.search} onApply={(search) => apply({ search })} />
      <div className="flex w-6 justify-center">
        {trying && (
          <button
            type="button"
            aria-label="Stop looking"
            title="Stop looking"
            className="text-muted hover:text-ink"
            onClick={() => stopTrying(tab)}
          >
            <LoaderCircle size={16} strokeWidth={1.75} className="animate-spin" aria-hidden />
          </button>
        )}
        {!trying && (query.where !== '' || query.orderBy !== '' || query.search !== '') && (
          <IconButton
            label="All rows in their own order"
            icon={<X size={16} strokeWidth={1.75} />}
            onClick={() => apply({ where: '', orderBy: '', search: '' })}
          />
        )}
      </div>
    </div>
  );
}

function QuickSearch({ value, onApply }: { value: string; onApply: (text: string) => void }) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setText(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const later = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onApply(next), 350);
  };
  return (
    <div className="relative flex-1">
      <Search
        size={14}
        strokeWidth={1.75}
        className="pointer-events-none absolute top-[7px] left-2 text-faint"
        aria-hidden
      />
      <input
        type="search"
        aria-label="Search all columns"
        title="Rows in which any column contains the text"
        placeholder="Search"
        spellCheck={false}
        value={text}
        onChange={(event) => later(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text !== '') later('');
          else if (event.key === 'Enter') {
            clearTimeout(timer.current);
            onApply(text);
          } else return;
          event.stopPropagation();
        }}
        className="h-7 w-full min-w-24 rounded-md border border-line-strong bg-surface pr-2 pl-7 text-sm text-ink placeholder:text-faint"
      />
    </div>
  );
}
