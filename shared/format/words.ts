/** Which words are keywords where they stand, and how they are written. A name may be spelt like most of them. */
import { reservedKeywords, typeFunctionKeywords } from '../sql/keywords.ts';
import { isBracket, type Piece, type Word, wordOf } from './pieces.ts';
import type { FormatStyle } from './style.ts';

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Keywords wherever they stand without quotes. */
const always: ReadonlySet<string> = new Set([
  ...reservedKeywords,
  ...typeFunctionKeywords,
  ...wordsOf('between exists values setof'),
]);
/** Names of values that look like keywords; people write them as functions. */
const never = wordsOf('current_schema binary authorization');
/** Usable as names: keywords only after or before certain others. */
const followers: Readonly<Record<string, ReadonlySet<string>>> = {
  by: wordsOf('group order partition sequence owned increment'),
  into: wordsOf('insert merge'),
  recursive: wordsOf('with'),
  materialized: wordsOf('as not create refresh drop'),
  first: wordsOf('nulls fetch'),
  last: wordsOf('nulls'),
  row: wordsOf('current each'),
  rows: wordsOf('first next on preserve delete'),
  only: wordsOf('rows row'),
  nothing: wordsOf('do'),
  update: wordsOf('do for then key or on before after'),
  set: wordsOf('update then delete null default on'),
  insert: wordsOf('then or on before after'),
  delete: wordsOf('then or on before after'),
  conflict: wordsOf('on'),
  key: wordsOf('primary foreign no for'),
  share: wordsOf('for key'),
  view: wordsOf('create replace materialized drop alter temporary temp recursive refresh'),
  index: wordsOf('create unique drop alter reindex using'),
  concurrently: wordsOf('index view'),
  replace: wordsOf('or'),
  temporary: wordsOf('create local global replace'),
  temp: wordsOf('create local global replace'),
  unlogged: wordsOf('create set'),
  schema: wordsOf('create drop alter set in'),
  sequence: wordsOf('create drop alter temporary temp'),
  type: wordsOf('create drop alter'),
  extension: wordsOf('create drop alter'),
  cascade: wordsOf('delete update'),
  action: wordsOf('no'),
  identity: wordsOf('as restart continue'),
  stored: wordsOf(')'),
  zone: wordsOf('time'),
  locked: wordsOf('skip'),
  matched: wordsOf('when not'),
  ordinality: wordsOf('with'),
  group: wordsOf('within'),
  if: wordsOf('table view index schema sequence type extension function column constraint trigger policy'),
  valid: wordsOf('not'),
  data: wordsOf('with no'),
  unknown: wordsOf('is not'),
  time: wordsOf('at'),
  sets: wordsOf('grouping'),
  of: wordsOf('update share'),
  option: wordsOf('grant admin check'),
  each: wordsOf('for'),
  trigger: wordsOf('create replace constraint drop alter'),
  function: wordsOf('execute'),
};
const leaders: Readonly<Record<string, ReadonlySet<string>>> = {
  insert: wordsOf('into'),
  delete: wordsOf('from'),
  merge: wordsOf('into'),
  partition: wordsOf('by of for'),
  nulls: wordsOf('first last'),
  do: wordsOf('nothing update'),
  current: wordsOf('row of'),
  skip: wordsOf('locked'),
  no: wordsOf('key action inherit data'),
  rows: wordsOf('between unbounded current'),
  range: wordsOf('between unbounded current'),
  groups: wordsOf('between unbounded current'),
  unbounded: wordsOf('preceding following'),
  within: wordsOf('group'),
  materialized: wordsOf('view'),
  with: wordsOf('ordinality time'),
  at: wordsOf('time'),
  generated: wordsOf('always by'),
  always: wordsOf('as'),
  cycle: wordsOf('set'),
  if: wordsOf('not exists'),
  without: wordsOf('time'),
  next: wordsOf('row rows'),
  set: wordsOf('not default data statistics storage'),
  restart: wordsOf('identity'),
  continue: wordsOf('identity'),
  grouping: wordsOf('sets'),
  before: wordsOf('insert update delete truncate'),
  after: wordsOf('insert update delete truncate'),
  each: wordsOf('row statement'),
  execute: wordsOf('function procedure'),
};
const afterNumber = wordsOf('preceding following rows row');
/** With a bracket behind them. */
const beforeBracket = wordsOf('over filter values exists row within');

export function isKeyword(pieces: readonly Piece[], at: number): boolean {
  const piece = pieces[at];
  if (piece === undefined || isBracket(piece) || piece.kind !== 'word') return false;
  const { word } = piece;
  const before = pieces[at - 1];
  const after = pieces[at + 1];
  if (wordOf(before) === '.' || wordOf(after) === '.' || never.has(word)) return false;
  if (always.has(word)) return !((word === 'left' || word === 'right') && isBracket(after));
  const previous = isBracket(before) ? ')' : wordOf(before);
  if (followers[word]?.has(previous) || leaders[word]?.has(wordOf(after)))
    return previous !== 'as' || word === 'materialized' || word === 'identity';
  if (
    afterNumber.has(word) &&
    before !== undefined &&
    !isBracket(before) &&
    (before.kind === 'number' || previous === 'unbounded' || previous === 'row' || before.kind === 'param')
  )
    return true;
  if (beforeBracket.has(word) && isBracket(after) && after.open.word === '(') return previous !== '.';
  if (word === 'over' && isBracket(before)) return true;
  if (word === 'escape' && after !== undefined && !isBracket(after) && after.kind === 'string') return at > 0;
  if (inDefinition(pieces, at, word)) return true;
  return at === 0 && starts.has(word);
}

const privileges = wordsOf(
  'select insert update delete truncate references trigger usage execute all privileges connect',
);
const changing = wordsOf('drop truncate alter grant revoke');

/** Words of definitions, where nobody calls anything by a name like them. */
function inDefinition(pieces: readonly Piece[], at: number, word: string): boolean {
  const first = wordOf(pieces[0]);
  const before = wordOf(pieces[at - 1]);
  if (word === 'cascade' || word === 'restrict') return at === pieces.length - 1 && changing.has(first);
  if (first === 'grant' || first === 'revoke')
    return privileges.has(word) && (at === 1 || before === ',' || before === 'all');
  if (first !== 'create' || !isBracket(pieces[at + 1])) return false;
  return word === 'include' || (before === 'by' && ['range', 'list', 'hash'].includes(word));
}

const starts = wordsOf(`
  insert update delete merge alter drop truncate explain begin commit rollback savepoint release set reset show copy call
  refresh reindex vacuum cluster comment prepare execute deallocate declare listen notify lock values start abort add rename validate owner enable disable attach detach
`);

export function shown(piece: Word, keyword: boolean, { keywords }: FormatStyle): string {
  // Only letters that the server folds alike in every locale.
  if (!keyword || keywords === 'keep' || !/^[A-Za-z_]+$/.test(piece.text)) return piece.text;
  return keywords === 'upper' ? piece.text.toUpperCase() : piece.text.toLowerCase();
}
