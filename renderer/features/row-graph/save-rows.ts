/** The rows of a graph as files: JSON, INSERT statements, a picture. Values that were shown cut are read whole first. */
import { insertScript } from '../../../shared/row-graph/rows-script.ts';
import { client } from '../../client/connect.ts';
import { saveFile } from '../../client/save-file.ts';
import { pictureOf } from '../../diagram/cards/picture.ts';
import { pageTextWidth } from '../../diagram/cards/text-width.ts';
import { toast } from '../../ui/toast.tsx';
import { type RowGraph, whereOf } from './row-graph-model.ts';
import { nameOf, type RowNode, readable, scriptRow } from './row-node.ts';

export const rowFiles = { json: 'JSON', sql: 'INSERT statements', svg: 'SVG' } as const;
export type RowFile = keyof typeof rowFiles;

const pieceBytes = 4_000_000;

/** @throws where a cut value belongs to a row without a key: it could not be read whole */
async function wholeRow(graph: RowGraph, node: RowNode): Promise<RowNode> {
  if (node.cut.size === 0) return node;
  if (node.key.length === 0)
    throw new Error(
      `A row of ${node.model.name} has a value too long to be shown and no key to read it by. Leave it out of the graph first.`,
    );
  const cells = [...node.cells];
  for (const number of node.cut) {
    let text = '';
    for (let offsetBytes: number | null = 0; offsetBytes !== null; ) {
      const piece: Awaited<ReturnType<typeof client.data.value>> = await client.data.value({
        ...whereOf(graph),
        oid: node.model.oid,
        key: [...node.key],
        column: number,
        offsetBytes,
        lengthBytes: pieceBytes,
      });
      text += piece.text;
      offsetBytes = piece.nextOffsetBytes;
    }
    cells[readable(node.model).findIndex((column) => column.number === number)] = text;
  }
  return { ...node, cells };
}

function jsonOf(
  nodes: readonly RowNode[],
  { edges }: { edges: ReturnType<RowGraph['store']['getState']>['edges'] },
): string {
  const numbers = new Map(nodes.map(({ id }, at) => [id, at]));
  return JSON.stringify(
    {
      rows: nodes.map((node) => ({
        table: `${node.model.schema}.${node.model.name}`,
        key: node.key,
        values: Object.fromEntries(readable(node.model).map(({ name }, at) => [name, node.cells[at] ?? null])),
      })),
      // By the places of the rows above.
      references: [...edges.values()].map(({ constraint, from, to }) => ({
        constraint,
        from: numbers.get(from),
        to: numbers.get(to),
      })),
    },
    null,
    2,
  );
}

export async function saveRows(graph: RowGraph, kind: RowFile): Promise<void> {
  const { nodes, edges, scene, startId } = graph.store.getState();
  const start = nodes.get(startId ?? '') ?? [...nodes.values()][0];
  if (!start || !scene) return;
  const title = nameOf(start);
  const whole = kind === 'svg' ? [] : await Promise.all([...nodes.values()].map((node) => wholeRow(graph, node)));
  const content =
    kind === 'svg'
      ? await pictureOf(scene, 'svg', { title, widthOf: await pageTextWidth(), remark: () => undefined })
      : new Blob([
          kind === 'json' ? jsonOf(whole, { edges }) : insertScript(whole.map(scriptRow), [...edges.values()]),
        ]);
  const suggestedName = `${
    title
      .replace(/[^\p{L}\p{N}._-]+/gu, ' ')
      .trim()
      .slice(0, 80) || 'rows'
  }.${kind}`;
  const name = await saveFile({ suggestedName, kind: { name: rowFiles[kind], extension: kind }, content });
  if (name !== null) toast(`Saved as ${name}.`, 'success');
}
