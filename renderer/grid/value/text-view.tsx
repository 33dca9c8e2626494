import { useState } from 'react';
import { cx } from '../../ui/class-names.ts';
import { Callout, Pending } from '../../ui/states.tsx';
import { MarkedText } from './marked-text.tsx';
import { Pager } from './pager.tsx';
import { useLoaded, wordsOf } from './use-loaded.ts';
import type { LoadPiece } from './value-piece.ts';

/** A part is small enough to be laid out at once even when it is one line. */
const PART_BYTES = 128 * 1024;

/** A text as it is, part by part where it is large. */
export function TextView({ load, wrap }: { load: LoadPiece; wrap: boolean }) {
  /** Where the parts up to the shown one begin: a part ends where a character does, so they cannot be computed. */
  const [starts, setStarts] = useState<readonly number[]>([0]);
  const from = starts.at(-1) ?? 0;
  const loaded = useLoaded(String(from), (signal) => load(from, PART_BYTES, { base64: false, signal }));
  if (loaded.state === 'pending') return <Pending label="Loading the value" />;
  if (loaded.state === 'failed') return <Callout tone="danger" className="m-2" title={wordsOf(loaded.thrown)} />;
  const { text, nextOffsetBytes: next, sizeBytes } = loaded.data;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <section
        aria-label="Text of the value"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto p-2"
      >
        {text === '' ? (
          <p className="text-xs text-muted">An empty text.</p>
        ) : (
          <pre className={cx('font-mono text-xs', wrap && 'break-words whitespace-pre-wrap')}>
            <MarkedText text={text} />
          </pre>
        )}
      </section>
      <Pager
        fromByte={from}
        toByte={next ?? sizeBytes}
        sizeBytes={sizeBytes}
        onPrevious={starts.length > 1 ? () => setStarts(starts.slice(0, -1)) : null}
        onNext={next === null ? null : () => setStarts([...starts, next])}
      />
    </div>
  );
}
