/** What every section of the table designer is given. */
import type { TableModel } from '../../../../shared/api/structure.ts';

export interface PartProps {
  readonly before: TableModel | null;
  readonly table: TableModel;
  readonly onChange: (change: (table: TableModel) => TableModel) => void;
  readonly choices: Choices;
  readonly major: number;
}
/** Names to choose from; empty until they are read. */
export interface Choices {
  readonly types: readonly string[];
  readonly collations: readonly string[];
  readonly tables: readonly string[];
  readonly tablespaces: readonly string[];
  readonly indexMethods: readonly string[];
}
