import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';
import type { InsertSource } from './insert-source.ts';

/** The name that was given last: not every result knows its table. */
let lastName = '';

interface Props {
  readonly source: InsertSource | null;
  readonly onCopy: (tableName: string) => void;
  readonly onClose: () => void;
}

/** Asks for which table the rows are copied as INSERT; offered is the one they come from. */
export function InsertDialog({ source, onCopy, onClose }: Props) {
  const [name, setName] = useState(source?.tableName ?? lastName);
  const given = name.trim();
  return (
    <Dialog open onClose={onClose} title="Copy as INSERT" width="small">
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!given) return;
          lastName = given;
          onCopy(given);
          onClose();
        }}
      >
        <Field label="Into the table" hint="As one writes it in SQL: shop.orders" className="flex-1">
          {(ids) => (
            <TextInput
              {...ids}
              mono
              autoFocus
              maxLength={200}
              spellCheck={false}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Button kind="primary" type="submit" disabled={!given} className="mb-5">
          Copy
        </Button>
      </form>
    </Dialog>
  );
}
