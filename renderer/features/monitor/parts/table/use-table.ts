import { useState } from 'react';
import type { SortBy } from './sorted.ts';

/** How a table is sorted and which row is chosen, as `DataTable` takes them; begins with that order and no row. */
export function useTable(key: string, down: boolean) {
  const [sort, onSort] = useState<SortBy>({ key, down });
  const [selectedKey, onSelect] = useState<string | null>(null);
  return { sort, onSort, selectedKey, onSelect };
}
