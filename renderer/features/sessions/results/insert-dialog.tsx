import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, TextInput } from '../../../ui/field.tsx';

/** The name that was given last; a result does not know its table. */
let lastName = '';

/** Asks for which table the rows are copied as INSERT. */
export function InsertDialog({ onCopy, onClose }: { onCopy: (tableName: string) => void; onClose: () => void }) {
  const [name, setName] = useState(lastName);
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
