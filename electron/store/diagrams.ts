/** Layouts of diagrams and the keys that were drawn by hand, by source. */
import { createHash, randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import { z } from 'zod';
import {
  type DiagramContent,
  type DiagramGraph,
  type DiagramKey,
  type DiagramLayout,
  type DiagramSource,
  diagramContent,
  diagramGraph,
  diagramKey,
} from '../../shared/api/diagrams.ts';
import { invalid } from '../../shared/failure.ts';
import { told } from './open.ts';

export interface DiagramStore {
  /** The one saved last first. */
  layouts(source: DiagramSource): DiagramLayout[];
  /** Fails `invalid` where it is gone. */
  layout(id: string): DiagramContent;
  /** Null as id makes a new one. Fails `invalid` where another of the source has that name. */
  save(layout: { id: string | null; source: DiagramSource; name: string; content: DiagramContent }): DiagramLayout;
  remove(id: string): void;
  keys(source: DiagramSource): DiagramKey[];
  saveKeys(source: DiagramSource, keys: readonly DiagramKey[]): void;
  /** The same id for the same name, whose graph it replaces. */
  saveFile(name: string, graph: DiagramGraph): string;
  /** Fails `invalid` where it is gone. */
  file(id: string): { name: string; graph: DiagramGraph };
}

/** The same whatever the order of its fields. */
const nameOf = (source: DiagramSource): string => JSON.stringify(Object.entries(source).sort());

export function createDiagramStore(db: Database.Database): DiagramStore {
  const list = db.prepare<[string], DiagramLayout>(
    'SELECT id, name, saved_at_ms AS savedAtMs FROM diagram_layout WHERE source = ? ORDER BY saved_at_ms DESC, name',
  );
  const one = db.prepare<[string], { json: string }>('SELECT json FROM diagram_layout WHERE id = ?');
  const taken = db.prepare<[string, string], { id: string }>(
    'SELECT id FROM diagram_layout WHERE source = ? AND name = ?',
  );
  const write = db.prepare(
    `INSERT INTO diagram_layout (id, source, name, saved_at_ms, json) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, saved_at_ms = excluded.saved_at_ms, json = excluded.json`,
  );
  const remove = db.prepare('DELETE FROM diagram_layout WHERE id = ?');
  const keys = db.prepare<[string], { json: string }>('SELECT json FROM diagram_keys WHERE source = ?');
  const writeKeys = db.prepare(
    'INSERT INTO diagram_keys (source, json) VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET json = excluded.json',
  );
  const writeFile = db.prepare(
    `INSERT INTO diagram_file (id, name, read_at_ms, json) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET read_at_ms = excluded.read_at_ms, json = excluded.json`,
  );
  const file = db.prepare<[string], { name: string; json: string }>('SELECT name, json FROM diagram_file WHERE id = ?');
  return {
    layouts: (source) => told(() => list.all(nameOf(source))),
    layout: (id) =>
      told(() => {
        const row = one.get(id);
        if (!row) throw invalid('id', 'This layout is not there any more.');
        return diagramContent.parse(JSON.parse(row.json));
      }),
    save: ({ id, source, name, content }) =>
      told(() => {
        const other = taken.get(nameOf(source), name);
        if (other && other.id !== id) throw invalid('name', `There is a layout “${name}” already.`);
        // Of two in one millisecond the second is the newer one.
        const savedAtMs = Math.max(Date.now(), (list.get(nameOf(source))?.savedAtMs ?? 0) + 1);
        const layout = { id: id ?? randomUUID(), name, savedAtMs };
        write.run(layout.id, nameOf(source), name, layout.savedAtMs, JSON.stringify(content));
        return layout;
      }),
    remove: (id) => told(() => void remove.run(id)),
    keys: (source) =>
      told(() => {
        const row = keys.get(nameOf(source));
        return row ? z.array(diagramKey).parse(JSON.parse(row.json)) : [];
      }),
    saveFile: (name, graph) =>
      told(() => {
        const id = createHash('sha256').update(name).digest('base64url').slice(0, 24);
        writeFile.run(id, name, Date.now(), JSON.stringify(graph));
        return id;
      }),
    file: (id) =>
      told(() => {
        const row = file.get(id);
        if (!row) throw invalid('scriptId', 'What was read of this file is not there any more. Open the file again.');
        return { name: row.name, graph: diagramGraph.parse(JSON.parse(row.json)) };
      }),
    saveKeys: (source, all) => told(() => void writeKeys.run(nameOf(source), JSON.stringify(all))),
  };
}
