import type { TreeNode } from '../../../shared/api/objects.ts';
import type { TreeRow } from '../../ui/tree.tsx';
import { visibleText } from '../../ui/visible-text.ts';
import { KindIcon } from './kind-icon.tsx';

/** What a node looks like wherever it is shown. */
export function nodeLook(node: TreeNode): Pick<TreeRow, 'label' | 'detail' | 'title' | 'icon' | 'dimmed'> {
  const kind = node.object?.kind ?? node.folder;
  const label = visibleText(node.label);
  const comment = node.comment ? `\n${visibleText(node.comment)}` : '';
  return {
    label,
    ...(node.detail ? { detail: visibleText(node.detail) } : {}),
    title: `${label}${node.detail ? ` ${visibleText(node.detail)}` : ''}${comment}`,
    ...(kind ? { icon: <KindIcon kind={kind} /> } : {}),
    ...(node.system ? { dimmed: true } : {}),
  };
}
