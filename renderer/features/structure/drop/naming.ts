/** Which texts of SQL name an object. */
import { Scanner } from '../../../../shared/sql/scan.ts';

/** A longer text is a load of data, not a query. */
const readOfEach = 20_000;

/** Texts in which the name stands as a word or in quotes: told from the text alone, whatever schema it is in. */
export const textsNaming = (texts: readonly string[], name: string): string[] =>
  texts.filter((text) => {
    const scanner = new Scanner(text.slice(0, readOfEach));
    while (scanner.next()) {
      const word = scanner.text.slice(scanner.from, scanner.to);
      if (scanner.kind === 'word' && word.toLowerCase() === name) return true;
      if (scanner.kind === 'quotedIdentifier' && word.slice(1, -1).replaceAll('""', '"') === name) return true;
    }
    return false;
  });
