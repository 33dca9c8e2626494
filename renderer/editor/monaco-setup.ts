/**
 * Loads Monaco and teaches it PostgreSQL's SQL: once, and only when a page first needs an editor (this file and all it
 * imports is its own bundle; import it with `import()`).
 */
import './editor.css';
import { editor, languages } from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import './monaco-features.ts';
import { editorTheme } from './editor-theme.ts';
import { provideFixes } from './intelligence/problem-marks.ts';
import { provideIntelligence } from './intelligence/providers.ts';
import { foldsOf } from './sql-folding.ts';
import { colourLine, firstLine, type LineState, sameState } from './sql-line.ts';

export const languageId = 'postgresql';
const themeName = 'howdah';

/** Folding reads the whole text; beyond this many characters it would be felt while typing. */
const longestFolded = 500_000;

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

languages.register({ id: languageId });
languages.setLanguageConfiguration(languageId, {
  comments: { lineComment: '--', blockComment: ['/*', '*/'] },
  brackets: [
    ['(', ')'],
    ['[', ']'],
  ],
  autoClosingPairs: [
    { open: '(', close: ')' },
    { open: '[', close: ']' },
    { open: "'", close: "'", notIn: ['string', 'comment'] },
    { open: '"', close: '"', notIn: ['string', 'comment'] },
    { open: '$$', close: '$$', notIn: ['string', 'comment'] },
  ],
  surroundingPairs: [
    { open: '(', close: ')' },
    { open: '[', close: ']' },
    { open: "'", close: "'" },
    { open: '"', close: '"' },
  ],
  // A name may hold a dollar sign and any letter.
  wordPattern: /[\p{L}_][\p{L}\p{N}_$]*|\d[\w.]*/u,
});

class SqlState implements languages.IState {
  readonly line: LineState;
  constructor(line: LineState) {
    this.line = line;
  }
  clone(): SqlState {
    return this;
  }
  equals(other: languages.IState): boolean {
    return other instanceof SqlState && sameState(this.line, other.line);
  }
}

languages.setTokensProvider(languageId, {
  getInitialState: () => new SqlState(firstLine),
  tokenize: (line, state) => {
    const { tokens, after } = colourLine(line, state instanceof SqlState ? state.line : firstLine);
    return {
      tokens: tokens.map(({ from, colour }) => ({ startIndex: from, scopes: colour })),
      endState: new SqlState(after),
    };
  },
});

languages.registerFoldingRangeProvider(languageId, {
  provideFoldingRanges: (model) => {
    if (model.getValueLength() > longestFolded) return [];
    return foldsOf(model.getValue()).flatMap(({ from, to, comment }) => {
      const start = model.getPositionAt(from).lineNumber;
      const end = model.getPositionAt(to).lineNumber;
      if (end <= start) return [];
      return [{ start, end, ...(comment ? { kind: languages.FoldingRangeKind.Comment } : {}) }];
    });
  },
});

provideIntelligence(languageId);
provideFixes(languageId);

function followTheme(): void {
  editor.defineTheme(themeName, editorTheme());
  editor.setTheme(themeName);
}
followTheme();
new MutationObserver(followTheme).observe(document.documentElement, { attributeFilter: ['data-theme', 'class'] });
// Widths measured before the font is there would put the caret beside the letters.
void document.fonts.ready.then(() => editor.remeasureFonts());
document.fonts.addEventListener('loadingdone', () => editor.remeasureFonts());
