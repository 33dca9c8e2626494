/** A diagram as a file: pictures of the drawing, and texts of what it shows. */
import type { DiagramGraph } from '../../../shared/api/diagrams.ts';
import { dbmlOf } from '../../../shared/diagram/export-dbml.ts';
import { mermaidOf } from '../../../shared/diagram/export-mermaid.ts';
import { sqlOf } from '../../../shared/diagram/export-sql.ts';
import { failureFrom } from '../../client/failure.ts';
import { saveFile } from '../../client/save-file.ts';
import { type PictureKind, pictureOf } from '../../diagram/cards/picture.ts';
import { pageTextWidth } from '../../diagram/cards/text-width.ts';
import { toast } from '../../ui/toast.tsx';
import type { DiagramModel } from './diagram-model.ts';

export const textKinds = ['dbml', 'mmd', 'sql'] as const;
export type TextKind = (typeof textKinds)[number];
export type DiagramFile = PictureKind | TextKind;

export const fileLabels: Readonly<Record<DiagramFile, string>> = {
  svg: 'SVG',
  png: 'PNG',
  pdf: 'PDF',
  dbml: 'DBML',
  mmd: 'Mermaid',
  sql: 'SQL',
};

const texts: Readonly<Record<TextKind, (graph: DiagramGraph) => string>> = { dbml: dbmlOf, mmd: mermaidOf, sql: sqlOf };
const isText = (kind: DiagramFile): kind is TextKind => textKinds.some((each) => each === kind);

/** Asks for a place and writes what is shown. */
export async function saveDiagram(model: DiagramModel, kind: DiagramFile, title: string): Promise<void> {
  const { scene, shown, graph } = model.store.getState();
  if (!scene || !graph) return;
  try {
    const remarks: string[] = [];
    const content = isText(kind)
      ? new Blob([texts[kind]({ ...shown, tables: [...shown.tables], keys: [...shown.keys], types: graph.types })])
      : await pictureOf(scene, kind, { title, widthOf: await pageTextWidth(), remark: (text) => remarks.push(text) });
    const suggestedName = `${
      title
        .replace(/[^\p{L}\p{N}._-]+/gu, ' ')
        .trim()
        .slice(0, 80) || 'diagram'
    }.${kind}`;
    const name = await saveFile({ suggestedName, kind: { name: fileLabels[kind], extension: kind }, content });
    if (name !== null) toast([`Saved as ${name}.`, ...remarks].join(' '), remarks.length > 0 ? 'warning' : 'success');
  } catch (thrown) {
    toast(failureFrom(thrown).message, 'danger');
  }
}
