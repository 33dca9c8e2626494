import { Download } from 'lucide-react';
import { useId, useState } from 'react';
import { failureFrom } from '../../client/failure.ts';
import { saveFile } from '../../client/save-file.ts';
import { Button } from '../../ui/button.tsx';

/** A file becomes twice its size as hex. */
const mostBytes = 16 * 1024 * 1024;

const toHex = (bytes: Uint8Array): string => {
  let text = '\\x';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
};

/** Bytes: as hex in the line above, or from a file. */
export function ByteaPanel({
  name,
  text,
  onText,
}: {
  /** What a file of it is called. */
  name: string;
  text: string | null;
  onText: (text: string) => void;
}) {
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const digits = text?.startsWith('\\x') ? text.slice(2) : null;
  const wrong =
    text === null || text === ''
      ? null
      : digits === null
        ? 'Hex begins with \\x'
        : /[^0-9a-f]/i.test(digits)
          ? 'Not a hex digit'
          : digits.length % 2 === 1
            ? 'Half a byte is missing'
            : null;
  const size = digits === null ? 0 : digits.length / 2;
  const load = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > mostBytes) {
      setProblem('A file over 16 MB is not loaded here: write it with COPY or a large object.');
      return;
    }
    setProblem(null);
    onText(toHex(new Uint8Array(await file.arrayBuffer())));
  };
  const save = async () => {
    const pairs = digits?.match(/../g) ?? [];
    const content = new Blob([Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16))]);
    const kind = { name: 'Bytes', extension: 'bin' };
    try {
      await saveFile({ suggestedName: `${name.replace(/[^\w.-]+/g, '_')}.bin`, kind, content });
    } catch (thrown) {
      setProblem(failureFrom(thrown).message);
    }
  };
  return (
    <div className="flex w-80 flex-col gap-1.5 text-xs">
      <p role="status" className={wrong || problem ? 'text-danger' : 'text-muted'}>
        {problem ?? wrong ?? `${size.toLocaleString('en-US')} ${size === 1 ? 'byte' : 'bytes'}`}
      </p>
      <Button
        small
        kind="quiet"
        className="self-start"
        icon={<Download size={14} strokeWidth={1.75} />}
        disabled={digits === null || wrong !== null}
        onClick={() => void save()}
      >
        Save to a file
      </Button>
      <label htmlFor={id} className="text-muted">
        From a file
      </label>
      <input
        id={id}
        type="file"
        className="text-xs text-muted"
        onChange={(event) => void load(event.currentTarget.files?.[0])}
      />
    </div>
  );
}
