/** Monaco's providers for completion, hover and signatures: one of each, for all editors; each editor's own knowledge answers. */
import { editor, languages, Range as MonacoRange, type Position } from 'monaco-editor/editor';
import type { SqlIntelligence } from '../../../shared/complete/look/sql-intelligence.ts';
import type { Suggestion, SuggestionKind } from '../../../shared/complete/suggestion.ts';
import { identifier } from '../../../shared/sql/quote.ts';

const known = new Map<editor.ITextModel, () => SqlIntelligence | undefined>();

/** Tells who answers for a model, until the answer is called. */
export function answerFor(model: editor.ITextModel, intelligence: () => SqlIntelligence | undefined): () => void {
  known.set(model, intelligence);
  return () => known.delete(model);
}

/** Of a long text only what is near the caret is looked at: making one string of it all takes longer than a key may. */
const longText = 400_000;
const lookedBefore = 300_000;
const lookedAfter = 60_000;

export interface Piece {
  readonly text: string;
  /** The offset of the piece in the whole. */
  readonly start: number;
  readonly offset: number;
}
export function pieceAround(model: editor.ITextModel, offset: number): Piece {
  if (model.getValueLength() <= longText) return { text: model.getValue(), start: 0, offset };
  // From the beginning of a line on, where a quote or a comment is least likely to be open.
  const from =
    offset <= lookedBefore
      ? 0
      : model.getOffsetAt({ lineNumber: model.getPositionAt(offset - lookedBefore).lineNumber, column: 1 });
  const start = Math.max(from, offset - 2 * lookedBefore);
  const range = MonacoRange.fromPositions(model.getPositionAt(start), model.getPositionAt(offset + lookedAfter));
  return { text: model.getValueInRange(range), start, offset: offset - start };
}

const { CompletionItemKind } = languages;
const icons: Readonly<Record<SuggestionKind, languages.CompletionItemKind>> = {
  table: CompletionItemKind.Struct,
  view: CompletionItemKind.Interface,
  cte: CompletionItemKind.Variable,
  column: CompletionItemKind.Field,
  alias: CompletionItemKind.Reference,
  function: CompletionItemKind.Function,
  procedure: CompletionItemKind.Method,
  keyword: CompletionItemKind.Keyword,
  schema: CompletionItemKind.Module,
  type: CompletionItemKind.TypeParameter,
  value: CompletionItemKind.EnumMember,
  join: CompletionItemKind.Event,
  list: CompletionItemKind.Value,
  snippet: CompletionItemKind.Snippet,
  role: CompletionItemKind.User,
  setting: CompletionItemKind.Property,
  extension: CompletionItemKind.Constant,
  sequence: CompletionItemKind.Unit,
};

/** Text of the database, shown as it is: no markup of it is taken for ours. */
const shown = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-.!|<>&~]/g, '\\$&').replaceAll('\n', '  \n');

function itemOf(
  model: editor.ITextModel,
  piece: Piece,
  completion: { from: number; to: number },
  suggestion: Suggestion,
  index: number,
): languages.CompletionItem {
  const { from, to } = suggestion.replaces ?? completion;
  const start = model.getPositionAt(piece.start + from);
  const caret = model.getPositionAt(piece.start + piece.offset);
  const end = model.getPositionAt(piece.start + to);
  // A suggestion takes the place of one line's text, around the caret.
  const first = start.lineNumber === caret.lineNumber ? start : caret;
  const last = end.lineNumber === caret.lineNumber && end.column >= caret.column ? end : caret;
  const typed = model.getValueInRange(MonacoRange.fromPositions(first, caret));
  const { label, kind, detail, comment, insert, isSnippet, more } = suggestion;
  return {
    label: { label, description: detail },
    kind: icons[kind],
    detail: kind === 'join' || kind === 'list' || kind === 'snippet' ? detail : [kind, detail].join(' · '),
    ...(comment === '' ? {} : { documentation: { value: shown(comment) } }),
    insertText: insert,
    ...(isSnippet ? { insertTextRules: languages.CompletionItemInsertTextRule.InsertAsSnippet } : {}),
    range: { insert: MonacoRange.fromPositions(first, caret), replace: MonacoRange.fromPositions(first, last) },
    // The order is ours: by scope, kind, keys and use. Equal texts have equal scores with Monaco, which then goes by this.
    filterText: typed,
    sortText: String(index).padStart(4, '0'),
    ...(index === 0 ? { preselect: true } : {}),
    ...(more || (kind === 'keyword' && insert.endsWith(' '))
      ? { command: { id: 'editor.action.triggerSuggest', title: '' } }
      : {}),
  };
}

function offsetOf(model: editor.ITextModel, position: Position): Piece {
  return pieceAround(model, model.getOffsetAt(position));
}

/** Once for the language; called when Monaco is set up. */
export function provideIntelligence(languageId: string): void {
  languages.registerCompletionItemProvider(languageId, {
    triggerCharacters: ['.', ' ', '(', "'", '"', ':', '='],
    async provideCompletionItems(model, position, context, token) {
      const intelligence = known.get(model)?.();
      if (!intelligence) return { suggestions: [] };
      const piece = offsetOf(model, position);
      if (context.triggerCharacter === ' ' && !worthAfterSpace(piece)) return { suggestions: [] };
      // What a function takes is shown then; a list of every name would lie over it.
      if (context.triggerCharacter === '(' && intelligence.signature(piece.text, piece.offset))
        return { suggestions: [] };
      const awaited = intelligence.awaited(piece.text, piece.offset);
      if (awaited) await awaited;
      const completion = token.isCancellationRequested ? null : intelligence.complete(piece.text, piece.offset);
      if (!completion) return { suggestions: [] };
      return {
        suggestions: completion.suggestions.map((suggestion, index) =>
          itemOf(model, piece, completion, suggestion, index),
        ),
        incomplete: true,
      };
    },
  });
  languages.registerHoverProvider(languageId, {
    provideHover(model, position) {
      const piece = offsetOf(model, position);
      const hover = known.get(model)?.()?.hover(piece.text, piece.offset);
      if (!hover) return null;
      const contents = [{ value: `\`\`\`${languageId}\n${hover.title.replaceAll('`', "'")}\n\`\`\`` }];
      if (hover.comment !== '') contents.push({ value: shown(hover.comment) });
      if (hover.facts !== '') contents.push({ value: shown(hover.facts) });
      const range = MonacoRange.fromPositions(
        model.getPositionAt(piece.start + hover.from),
        model.getPositionAt(piece.start + hover.to),
      );
      return { range, contents };
    },
  });
  provideRename(languageId);
  languages.registerSignatureHelpProvider(languageId, {
    signatureHelpTriggerCharacters: ['(', ','],
    provideSignatureHelp(model, position) {
      const piece = offsetOf(model, position);
      const signature = known.get(model)?.()?.signature(piece.text, piece.offset);
      if (!signature) return null;
      const signatures = signature.calls.map(({ label, comment, parameters }) => ({
        label,
        documentation: { value: shown(comment) },
        parameters: parameters.map((parameter) => ({ label: parameter })),
      }));
      return {
        value: { signatures, activeSignature: signature.active, activeParameter: signature.parameter },
        dispose: () => undefined,
      };
    },
  });
}

const opening =
  /(?:^|[\s(,])(?:from|join|into|update|table|on|using|set|where|and|or|by|select|having|returning|references|call|::|=|<>|!=|in)\s$/i;
/** A blank opens the list only where a name has to follow. */
const worthAfterSpace = ({ text, offset }: Piece): boolean =>
  opening.test(text.slice(Math.max(0, offset - 24), offset));

interface MessageController extends editor.IEditorContribution {
  showMessage(message: string, position: Position): void;
}
/** A reason given with no edits goes to the console of the browser only: it is said where the name stands. */
function sayAt(model: editor.ITextModel, position: Position, message: string): void {
  const shown = editor.getEditors().find((each) => each.getModel() === model);
  shown?.getContribution<MessageController>('editor.contrib.messageController')?.showMessage(message, position);
}

function provideRename(languageId: string): void {
  const find = (model: editor.ITextModel, position: Position) => {
    const piece = offsetOf(model, position);
    const renaming = known.get(model)?.()?.rename(piece.text, piece.offset);
    const rangeOf = ({ from, to }: { readonly from: number; readonly to: number }) =>
      MonacoRange.fromPositions(model.getPositionAt(piece.start + from), model.getPositionAt(piece.start + to));
    return renaming ? { renaming, rangeOf } : null;
  };
  languages.registerRenameProvider(languageId, {
    resolveRenameLocation(model, position) {
      const found = find(model, position);
      const here = MonacoRange.fromPositions(position);
      if (!found) return { range: here, text: '', rejectReason: 'Only an alias or a WITH query can be renamed here.' };
      return { range: found.rangeOf(found.renaming), text: found.renaming.name };
    },
    provideRenameEdits(model, position, typed) {
      const found = find(model, position);
      if (!found) return { edits: [] };
      const name = /^"(?:[^"]|"")+"$/.test(typed) ? typed.slice(1, -1).replaceAll('""', '"') : typed;
      const reject = (why: string) => {
        sayAt(model, position, why);
        return { edits: [], rejectReason: why };
      };
      if (name.trim() === '') return reject('A name cannot be empty.');
      if (found.renaming.taken.includes(name)) return reject(`${name} is the name of another table here.`);
      const text = name === typed && /^[A-Za-z_][\w$]*$/.test(name) ? identifier(name.toLowerCase()) : identifier(name);
      return {
        edits: found.renaming.places.map((place) => ({
          resource: model.uri,
          versionId: model.getVersionId(),
          textEdit: { range: found.rangeOf(place), text },
        })),
      };
    },
  });
}
