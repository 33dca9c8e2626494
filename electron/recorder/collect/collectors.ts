/** Everything that a recorder asks besides its ticks, in the order in which it is first asked. */
import type { Collector } from './collector.ts';
import { familyCollectors } from './families/server-families.ts';
import { statementCollector } from './families/statements.ts';

/** Each recorder has collectors of its own: they remember what they read last. */
export const allCollectors = (): Collector[] => [statementCollector(), ...familyCollectors()];
