/** Monaco's colours, taken from the design tokens of the document at this moment. */
import type { editor } from 'monaco-editor/editor';
import type { Colour } from './sql-line.ts';

/** Tokens of renderer/app/theme.css, without the dashes. */
type Token = string;

const syntax: Readonly<Record<Colour, { token: Token; italic?: true }>> = {
  keyword: { token: 'accent' },
  type: { token: 'tag-blue' },
  identifier: { token: 'ink' },
  quoted: { token: 'ink' },
  string: { token: 'success' },
  number: { token: 'warning' },
  comment: { token: 'faint', italic: true },
  param: { token: 'tag-purple' },
  operator: { token: 'muted' },
  delimiter: { token: 'muted' },
};

/** Monaco's name of a colour, the token, and how opaque it is (hexadecimal). */
const parts: readonly (readonly [string, Token, string?])[] = [
  ['editor.background', 'surface'],
  ['editor.foreground', 'ink'],
  ['editorGutter.background', 'surface'],
  ['editorLineNumber.foreground', 'faint'],
  ['editorLineNumber.dimmedForeground', 'faint'],
  ['editorLineNumber.activeForeground', 'ink'],
  ['editorCursor.foreground', 'ink'],
  ['editor.placeholder.foreground', 'faint'],
  ['editor.lineHighlightBackground', 'hover', '70'],
  ['editor.lineHighlightBorder', 'hover', '00'],
  ['editor.selectionBackground', 'selected'],
  ['editor.inactiveSelectionBackground', 'selected', 'a0'],
  ['editor.selectionHighlightBackground', 'selected', '90'],
  ['editor.wordHighlightBackground', 'selected', '70'],
  ['editor.wordHighlightStrongBackground', 'selected', '90'],
  ['editor.findMatchBackground', 'warning-soft'],
  ['editor.findMatchBorder', 'warning'],
  ['editor.findMatchHighlightBackground', 'warning-soft'],
  ['editor.findRangeHighlightBackground', 'hover', '80'],
  ['editor.rangeHighlightBackground', 'hover', '80'],
  ['editorBracketMatch.background', 'accent-soft'],
  ['editorBracketMatch.border', 'accent'],
  // Brackets keep the calm colour of all other signs; only one without a partner stands out.
  ...[1, 2, 3, 4, 5, 6].map((level) => [`editorBracketHighlight.foreground${level}`, 'muted'] as const),
  ['editorBracketHighlight.unexpectedBracket.foreground', 'danger'],
  ['editorIndentGuide.background1', 'line'],
  ['editorIndentGuide.activeBackground1', 'line-strong'],
  ['editorWhitespace.foreground', 'line-strong'],
  ['editorError.foreground', 'danger'],
  ['editorWarning.foreground', 'warning'],
  ['editorInfo.foreground', 'accent'],
  ['editorUnicodeHighlight.border', 'warning'],
  ['editorOverviewRuler.border', 'surface', '00'],
  ['editorOverviewRuler.errorForeground', 'danger'],
  ['editorWidget.background', 'raised'],
  ['editorWidget.foreground', 'ink'],
  ['editorWidget.border', 'line'],
  ['editorWidget.resizeBorder', 'line'],
  ['editorHoverWidget.background', 'raised'],
  ['editorHoverWidget.foreground', 'ink'],
  ['editorHoverWidget.border', 'line'],
  ['editorHoverWidget.statusBarBackground', 'sunken'],
  ['editorSuggestWidget.background', 'raised'],
  ['editorSuggestWidget.foreground', 'ink'],
  ['editorSuggestWidget.border', 'line'],
  ['editorSuggestWidget.selectedBackground', 'selected'],
  ['editorSuggestWidget.selectedForeground', 'ink'],
  ['editorSuggestWidget.highlightForeground', 'accent'],
  ['editorSuggestWidget.focusHighlightForeground', 'accent'],
  ['list.hoverBackground', 'hover'],
  ['list.activeSelectionBackground', 'selected'],
  ['list.activeSelectionForeground', 'ink'],
  ['list.highlightForeground', 'accent'],
  ['input.background', 'surface'],
  ['input.foreground', 'ink'],
  ['input.border', 'line-strong'],
  ['input.placeholderForeground', 'faint'],
  ['inputOption.activeBackground', 'accent-soft'],
  ['inputOption.activeForeground', 'ink'],
  ['inputOption.activeBorder', 'accent'],
  ['inputValidation.infoBackground', 'raised'],
  ['inputValidation.infoBorder', 'line'],
  ['inputValidation.infoForeground', 'ink'],
  ['inputValidation.errorBackground', 'danger-soft'],
  ['inputValidation.errorBorder', 'danger'],
  ['inputValidation.errorForeground', 'ink'],
  ['icon.foreground', 'muted'],
  ['foreground', 'ink'],
  ['descriptionForeground', 'muted'],
  ['focusBorder', 'focus'],
  ['textLink.foreground', 'accent'],
  ['menu.background', 'raised'],
  ['menu.foreground', 'ink'],
  ['menu.border', 'line'],
  ['menu.selectionBackground', 'hover'],
  ['menu.selectionForeground', 'ink'],
  ['menu.separatorBackground', 'line'],
  ['toolbar.hoverBackground', 'hover'],
  ['scrollbar.shadow', 'surface', '00'],
  ['scrollbarSlider.background', 'line-strong', '90'],
  ['scrollbarSlider.hoverBackground', 'line-strong', 'd0'],
  ['scrollbarSlider.activeBackground', 'line-strong'],
  ['widget.shadow', 'scrim'],
];

/** #abc as #aabbcc (builds shorten them); null where it is no such colour. */
function longHex(colour: string): string | null {
  if (/^#[\da-f]{6}$/i.test(colour)) return colour;
  const [, red, green, blue] = /^#([\da-f])([\da-f])([\da-f])$/i.exec(colour) ?? [];
  return red === undefined ? null : `#${red}${red}${green}${green}${blue}${blue}`;
}

/** The theme in force on the document. A token that is no hexadecimal colour is left to Monaco's own base. */
export function editorTheme(): editor.IStandaloneThemeData {
  const style = getComputedStyle(document.documentElement);
  const value = (token: Token): string | null => longHex(style.getPropertyValue(`--${token}`).trim());
  const colors: Record<string, string> = {};
  for (const [name, token, opacity = ''] of parts) {
    const colour = value(token);
    if (colour !== null) colors[name] = colour + opacity;
  }
  const rules = Object.entries(syntax).flatMap(([name, { token, italic }]) => {
    const colour = value(token);
    return colour === null ? [] : [{ token: name, foreground: colour.slice(1), fontStyle: italic ? 'italic' : '' }];
  });
  const dark = style.colorScheme.includes('dark');
  return { base: dark ? 'vs-dark' : 'vs', inherit: true, rules, colors };
}
