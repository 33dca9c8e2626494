/** Everything that a recorder asks besides its ticks, in the order in which it is first asked. */
import type { Collector } from './collector.ts';
import { poolCollector } from './families/pools.ts';
import { familyCollectors } from './families/server-families.ts';
import { capabilitiesCollector } from './snapshots/capabilities.ts';
import { builtinsCollector, catalogCollector, columnStatisticsCollector } from './snapshots/catalog-collector.ts';
import { extensionsCollector, rolesCollector, settingsCollector } from './snapshots/server-snapshots.ts';
import { statementCollector } from './statements/statements.ts';

/** Each recorder has collectors of its own: they remember what they read last. */
export const allCollectors = (): Collector[] => [
  capabilitiesCollector(),
  settingsCollector(),
  rolesCollector(),
  extensionsCollector(),
  statementCollector(),
  ...familyCollectors(),
  poolCollector(),
  catalogCollector(),
  columnStatisticsCollector(),
  builtinsCollector(),
];
