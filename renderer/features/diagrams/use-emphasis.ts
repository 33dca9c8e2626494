import { useMemo } from 'react';
import type { Emphasis } from '../../diagram/cards/drawing.ts';
import type { DiagramState } from './diagram-model.ts';

/** What stands out: the path that was asked for, else what is selected or pointed at with its neighbours. */
export function useEmphasis({ selected, hovered, path, scene }: DiagramState): Emphasis {
  return useMemo(() => {
    if (path)
      return {
        selected,
        lit: new Set([...selected, ...path.flatMap(({ from, to }) => [from, to])]),
        litLines: new Set(path.map(({ id }) => id)),
      };
    const centre = selected.size > 0 ? [...selected] : hovered === null ? [] : [hovered];
    if (centre.length === 0 || !scene) return { selected, lit: null, litLines: null };
    const lines = centre.flatMap((id) => scene.linesOf(id));
    return {
      selected,
      lit: new Set([...centre, ...lines.flatMap(({ from, to }) => [from, to])]),
      litLines: new Set(lines.map(({ id }) => id)),
    };
  }, [selected, hovered, path, scene]);
}
