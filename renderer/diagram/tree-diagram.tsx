import {
  Background,
  Controls,
  type Edge,
  Handle,
  MiniMap,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import './diagram.css';
import { createContext, memo, type ReactNode, useContext, useMemo } from 'react';
import { type TreeNode, treeLayout } from './tree-layout.ts';

export interface DiagramNode extends TreeNode {
  readonly children: readonly DiagramNode[];
}

export interface TreeDiagramProps {
  readonly label: string;
  readonly root: DiagramNode;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly selected: number | null;
  readonly onSelect: (id: number) => void;
  /** What a node looks like; given its id. */
  readonly draw: (id: number, selected: boolean) => ReactNode;
  /** Width in pixels and words of the line from a node to its parent. */
  readonly edge: (id: number) => { readonly widthPx: number; readonly label?: string };
  /** A CSS colour for the small map. */
  readonly mapColor: (id: number) => string;
}

const Drawing = createContext<Pick<TreeDiagramProps, 'draw' | 'widthPx' | 'heightPx'> | null>(null);

const Box = memo(function Box({ id, selected }: NodeProps) {
  const drawing = useContext(Drawing);
  if (!drawing) return null;
  return (
    <div style={{ width: drawing.widthPx, height: drawing.heightPx }}>
      <Handle type="source" position={Position.Top} isConnectable={false} />
      {drawing.draw(Number(id), selected)}
      <Handle type="target" position={Position.Bottom} isConnectable={false} />
    </div>
  );
});
const nodeTypes = { box: Box };

/** So many can be read when all of them are in sight. */
const fittingNodes = 30;

/** A tree from the top down, to be moved and zoomed; lines go from children to parents, as data does. */
export function TreeDiagram(props: TreeDiagramProps) {
  const { root, widthPx, heightPx, selected, onSelect, draw, edge, mapColor, label } = props;
  const points = useMemo(
    () => treeLayout(root, { width: widthPx, height: heightPx, gapX: 24, gapY: 44 }),
    [root, widthPx, heightPx],
  );
  const nodes = useMemo(
    () =>
      [...points].map(
        ([id, position]): Node => ({
          id: String(id),
          type: 'box',
          position,
          data: {},
          selected: id === selected,
          width: widthPx,
          height: heightPx,
          // What the library would measure in the page: with it, only what is in sight is ever drawn.
          measured: { width: widthPx, height: heightPx },
          handles: [
            { type: 'source', position: Position.Top, x: widthPx / 2, y: 0, width: 1, height: 1 },
            { type: 'target', position: Position.Bottom, x: widthPx / 2, y: heightPx, width: 1, height: 1 },
          ],
        }),
      ),
    [points, selected, widthPx, heightPx],
  );
  const edges = useMemo(() => edgesOf(root, edge), [root, edge]);
  const isLarge = points.size > fittingNodes;
  const drawing = useMemo(() => ({ draw, widthPx, heightPx }), [draw, widthPx, heightPx]);
  return (
    <Drawing value={drawing}>
      <ReactFlow
        aria-label={label}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onNodeClick={(_, node) => onSelect(Number(node.id))}
        onSelectionChange={({ nodes: [chosen] }) =>
          chosen && chosen.id !== String(selected) && onSelect(Number(chosen.id))
        }
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        elementsSelectable
        multiSelectionKeyCode={null}
        deleteKeyCode={null}
        minZoom={0.02}
        maxZoom={1.5}
        fitView={!isLarge}
        fitViewOptions={{ maxZoom: 1, padding: 0.08 }}
        onInit={(flow) => {
          // A large tree would be dust: it begins at its root.
          const at = points.get(root.id);
          if (isLarge && at) void flow.setCenter(at.x + widthPx / 2, at.y + heightPx * 3, { zoom: 0.8 });
        }}
        onlyRenderVisibleElements
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={24} size={1} />
        <Controls showInteractive={false} />
        {isLarge && (
          <MiniMap pannable zoomable nodeColor={(node) => mapColor(Number(node.id))} ariaLabel={`Map of ${label}`} />
        )}
      </ReactFlow>
    </Drawing>
  );
}

function edgesOf(root: DiagramNode, edge: TreeDiagramProps['edge']): Edge[] {
  const edges: Edge[] = [];
  const visit = (node: DiagramNode): void => {
    for (const child of node.children) {
      const { widthPx, label } = edge(child.id);
      edges.push({
        id: `${child.id}`,
        source: String(child.id),
        target: String(node.id),
        style: { strokeWidth: widthPx },
        ...(label ? { label } : {}),
      });
      visit(child);
    }
  };
  visit(root);
  return edges;
}
