import { useEffect, useMemo } from 'react';
import type { SqlIntelligence } from '../../../shared/complete/look/sql-intelligence.ts';
import { loadKept, refresh } from '../../client/catalogs.ts';
import { intelligenceOf } from './intelligence.ts';

/** What a field of SQL is told of a database that is in use: as it was kept on this machine, then as it is. */
export function useSqlCompletion(connectionId: string, database: string): SqlIntelligence {
  const where = useMemo(() => ({ connectionId, database }), [connectionId, database]);
  useEffect(() => {
    // Without a catalog nothing is suggested; the page says elsewhere why there is no connection.
    void loadKept(where)
      .catch(() => undefined)
      .then(() => refresh(where))
      .catch(() => undefined);
  }, [where]);
  return useMemo(() => intelligenceOf(where), [where]);
}
