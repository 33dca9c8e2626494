import type { KeyboardEvent, ReactNode } from 'react';
import type { CopyFormat } from '../../shared/rows/row-words.ts';
import type { MenuEntry } from '../ui/menu.tsx';
import type { Aggregates, FindHit, FindRequest, GridFilter, GridRange, GridSort, GridSource } from './grid-source.ts';
import type { GridState } from './grid-state.ts';

/** What a grid takes, and what it tells its owner. */
export interface GridProps {
  /** The grid's accessible name: which result it shows. */
  readonly label: string;
  readonly source: GridSource;
  /** From `createGridState(columns)`; the owner keeps it for as long as the result. */
  readonly state: GridState;
  /** `none`: nothing was asked for. `streaming`: more rows may come. `cut`: the statement had more rows than were fetched. */
  readonly progress?: 'none' | 'streaming' | 'complete' | 'cut';
  /** Why rows are missing, and what helps; said where `progress` is `cut`. */
  readonly cutNote?: ReactNode;
  /** Why there is nothing to show, or no more of it. */
  readonly failure?: string | null;
  readonly onRetry?: () => void;
  /** Reorders and filters the fetched rows: the source shows them so when it resolves. Without it there is neither. */
  readonly onOrder?: (sort: readonly GridSort[], filters: readonly GridFilter[]) => Promise<void>;
  /** The order and the filter are the server's, and said elsewhere. */
  readonly orderedByServer?: boolean;
  /** Takes a condition from the filter bar and the menus in place of `onOrder`. */
  readonly onFilter?: (filter: GridFilter) => void;
  /** Sees a key before the grid does; true where it was dealt with. */
  readonly onKey?: (event: KeyboardEvent) => boolean;
  /** A double click on a cell; true where it was dealt with, else the value is opened. */
  readonly onActivate?: (row: number, column: number) => boolean;
  /** In place of the words over an empty grid. */
  readonly empty?: ReactNode;
  /** Over a cell: an editor. It follows the cell while the grid scrolls. */
  readonly overlay?: { readonly row: number; readonly column: number; readonly content: ReactNode } | null;
  readonly onCopy?: (ranges: readonly GridRange[], format: CopyFormat, header: boolean) => void;
  readonly onCopyName?: (name: string) => void;
  readonly onOpenValue?: (row: number, column: number) => void;
  readonly onOpenRecord?: (row: number) => void;
  readonly onFind?: (request: FindRequest, signal: AbortSignal) => Promise<FindHit | null>;
  /** Looks for a text among all rows, not only those in memory. */
  readonly onFindOnServer?: (text: string) => void;
  readonly onAggregate?: (ranges: readonly GridRange[], signal: AbortSignal) => Promise<Aggregates>;
  /** Further lines for the menu of a cell. */
  readonly moreItems?: (row: number, column: number) => readonly MenuEntry[];
  /** Further lines for the menu of a column. */
  readonly moreColumnItems?: (column: number) => readonly MenuEntry[];
  /** What the owner says at the left of the foot. */
  readonly footer?: ReactNode;
}
