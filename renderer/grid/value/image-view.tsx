import { useState } from 'react';
import { Callout, Pending } from '../../ui/states.tsx';
import { sizeText } from '../model/cell-text.ts';
import { fromHex, type ImageKind, imageKind, toBase64 } from './bytes.ts';
import { useLoaded, wordsOf } from './use-loaded.ts';
import { type LoadPiece, loadText, TooLarge } from './value-piece.ts';

/** As hex digits: a picture of 24 MB. */
const MOST_BYTES = 48 * 1024 * 1024;

/** The picture that a bytea holds. It is drawn by `img`, which runs nothing, and only if its bytes are a picture's. */
export function ImageView({ load }: { load: LoadPiece }) {
  const loaded = useLoaded('image', async (signal) => {
    const bytes = fromHex((await loadText(load, MOST_BYTES, signal)).slice(2));
    const kind = imageKind(bytes);
    return kind && { kind, size: bytes.length, url: `data:image/${kind};base64,${toBase64(bytes)}` };
  });
  if (loaded.state === 'pending') return <Pending label="Loading the picture" />;
  if (loaded.state === 'failed') {
    const { thrown } = loaded;
    const why = thrown instanceof TooLarge ? `The picture is over ${sizeText(MOST_BYTES / 2)}.` : wordsOf(thrown);
    return <Callout tone="danger" className="m-2" title={why} />;
  }
  if (!loaded.data) return <Callout tone="info" className="m-2" title="These bytes are no picture." />;
  return <Picture {...loaded.data} />;
}

function Picture({ kind, size, url }: { kind: ImageKind; size: number; url: string }) {
  const [dimensions, setDimensions] = useState('');
  const [broken, setBroken] = useState(false);
  if (broken) return <Callout tone="warning" className="m-2" title={`The ${kind.toUpperCase()} picture is damaged.`} />;
  return (
    <figure className="flex h-full min-h-0 flex-col">
      <div className="flex min-h-0 flex-1 items-center justify-center bg-sunken p-3">
        <img
          src={url}
          alt="What the value holds"
          className="max-h-full max-w-full object-contain"
          onError={() => setBroken(true)}
          onLoad={({ currentTarget: image }) => setDimensions(`, ${image.naturalWidth} × ${image.naturalHeight}`)}
        />
      </div>
      <figcaption className="shrink-0 border-t border-line px-2 py-1.5 text-xs text-muted">
        {kind.toUpperCase()}
        {dimensions}, {sizeText(size)}
      </figcaption>
    </figure>
  );
}
