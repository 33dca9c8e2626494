import { useMemo } from 'react';
import type { Line } from './card.ts';
import type { Emphasis } from './drawing.ts';
import type { Scene } from './scene.ts';

export interface Attention {
  readonly scene: Scene | null;
  readonly selected: ReadonlySet<string>;
  readonly hovered: string | null;
  readonly held?: string | null;
  /** Lines from one card to another, lit in place of the neighbours. */
  readonly path: readonly Pick<Line, 'id' | 'from' | 'to'>[] | null;
}

/** What stands out: the path that was asked for, else what is selected or pointed at with its neighbours. */
export function useEmphasis({ selected, hovered, path, scene, held = null }: Attention): Emphasis {
  return useMemo(() => {
    if (path)
      return {
        selected,
        held,
        lit: new Set([...selected, ...path.flatMap(({ from, to }) => [from, to])]),
        litLines: new Set(path.map(({ id }) => id)),
      };
    const centre = selected.size > 0 ? [...selected] : hovered === null ? [] : [hovered];
    if (centre.length === 0 || !scene) return { selected, held, lit: null, litLines: null };
    const lines = centre.flatMap((id) => scene.linesOf(id));
    return {
      selected,
      held,
      lit: new Set([...centre, ...lines.flatMap(({ from, to }) => [from, to])]),
      litLines: new Set(lines.map(({ id }) => id)),
    };
  }, [selected, hovered, path, scene, held]);
}
