/** As much of a source as reading a catalog needs: questions to one database. */
import type { Source } from '../source.ts';

export type Asker = Pick<Source, 'ask' | 'facts'>;

/** 13, 15, 18 …: what queries choose their text by. */
export const majorOf = (asker: Asker): number => Math.floor(asker.facts.versionNum / 10_000);
