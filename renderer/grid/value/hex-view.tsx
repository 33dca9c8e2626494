import { useState } from 'react';
import { Callout, Pending } from '../../ui/states.tsx';
import { fromBase64, fromHex, hexLines } from './bytes.ts';
import { Pager } from './pager.tsx';
import { useLoaded, wordsOf } from './use-loaded.ts';
import type { LoadPiece } from './value-piece.ts';

const PART_BYTES = 8 * 1024;
/** Of `\x`, which stands before the digits of a bytea. */
const PREFIX = 2;

/**
 * Sixteen bytes a line: of a bytea the bytes it stands for, of anything else those of its text.
 * @param digits true where the value's text is `\x` and two hex digits a byte
 */
export function HexView({ load, digits }: { load: LoadPiece; digits: boolean }) {
  const [from, setFrom] = useState(0);
  const loaded = useLoaded(String(from), async (signal) => {
    if (!digits) {
      const piece = await load(from, PART_BYTES, { base64: true, signal });
      return { bytes: fromBase64(piece.text), sizeBytes: piece.sizeBytes };
    }
    const piece = await load(PREFIX + from * 2, PART_BYTES * 2, { base64: false, signal });
    return { bytes: fromHex(piece.text), sizeBytes: Math.max(0, (piece.sizeBytes - PREFIX) / 2) };
  });
  if (loaded.state === 'pending') return <Pending label="Loading the value" />;
  if (loaded.state === 'failed') return <Callout tone="danger" className="m-2" title={wordsOf(loaded.thrown)} />;
  const { bytes, sizeBytes } = loaded.data;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <section
        aria-label="Bytes of the value"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto p-2"
      >
        {bytes.length === 0 && <p className="text-xs text-muted">No bytes.</p>}
        <pre className="font-mono text-xs leading-[18px]">
          {hexLines(bytes, from).map((line) => (
            <div key={line.offset} className="whitespace-pre">
              <span className="text-faint">{line.offset}</span>
              {'  '}
              {line.hex.padEnd(49)}
              {'  '}
              <span className="text-muted">{line.text}</span>
            </div>
          ))}
        </pre>
      </section>
      <Pager
        fromByte={from}
        toByte={from + bytes.length}
        sizeBytes={sizeBytes}
        onPrevious={from > 0 ? () => setFrom(Math.max(0, from - PART_BYTES)) : null}
        onNext={from + bytes.length < sizeBytes && bytes.length > 0 ? () => setFrom(from + PART_BYTES) : null}
      />
    </div>
  );
}
