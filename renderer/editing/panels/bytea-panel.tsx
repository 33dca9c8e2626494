import { Download, FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { failureFrom } from '../../client/failure.ts';
import { saveFile } from '../../client/save-file.ts';
import { shownBytes } from '../../ui/amounts.ts';
import { Button } from '../../ui/button.tsx';
import { visibleText } from '../../ui/visible-text.ts';

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
  /** The file that was loaded, and what became of it: another text is not that file any more. */
  const [loaded, setLoaded] = useState<{ readonly name: string; readonly hex: string } | null>(null);
  const file = useRef<HTMLInputElement>(null);
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
  const load = async (chosen: File | undefined) => {
    if (!chosen) return;
    if (chosen.size > mostBytes) {
      setProblem('A file over 16 MB is not loaded here: write it with COPY or a large object.');
      return;
    }
    try {
      const hex = toHex(new Uint8Array(await chosen.arrayBuffer()));
      setProblem(null);
      setLoaded({ name: chosen.name, hex });
      onText(hex);
    } catch (thrown) {
      setProblem(`${chosen.name} could not be read: ${failureFrom(thrown).message}`);
    }
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
        {problem ?? wrong ?? (text === null ? 'NULL' : shownBytes(size))}
        {!problem && loaded !== null && loaded.hex === text && ` from ${visibleText(loaded.name)}`}
      </p>
      <div className="flex gap-1.5">
        <Button small icon={<FileUp size={14} strokeWidth={1.75} />} onClick={() => file.current?.click()}>
          Load a file…
        </Button>
        <Button
          small
          icon={<Download size={14} strokeWidth={1.75} />}
          disabled={digits === null || wrong !== null}
          onClick={() => void save()}
        >
          Save to a file…
        </Button>
      </div>
      <input
        ref={file}
        type="file"
        hidden
        aria-label="File to load"
        onChange={(event) => {
          void load(event.currentTarget.files?.[0]);
          // The same file again is a change, too.
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
