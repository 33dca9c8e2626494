import { type ComponentProps, useId } from 'react';
import { TextInput } from '../field.tsx';

/** A text of one's own, or one out of a list that is offered while one types. */
export function ListedInput({
  offered,
  ...rest
}: { readonly offered: readonly string[] } & Omit<ComponentProps<typeof TextInput>, 'list'>) {
  const list = useId();
  if (offered.length === 0) return <TextInput {...rest} />;
  return (
    <>
      <datalist id={list}>
        {offered.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <TextInput {...rest} list={list} />
    </>
  );
}
