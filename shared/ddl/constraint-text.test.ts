import { expect, test } from 'vitest';
import { readConstraint, writeConstraint } from './constraint-text.ts';

test.each([
  'FOREIGN KEY (a) REFERENCES s.b(id) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL (a) DEFERRABLE INITIALLY DEFERRED NOT VALID',
  'FOREIGN KEY (a) REFERENCES "x ON DELETE CASCADE"',
  "CHECK ((a <> ' NOT VALID'))",
  'CHECK ((a > 0)) NO INHERIT NOT VALID',
  'UNIQUE (a) INCLUDE (b) DEFERRABLE',
  'EXCLUDE USING gist (during WITH &&) WHERE ((a > 0)) DEFERRABLE INITIALLY DEFERRED',
  'FOREIGN KEY (a) REFERENCES b(id) NOT ENFORCED',
])('%s is read, and written as it was', (definition) => {
  expect(writeConstraint(readConstraint(definition))).toBe(definition);
});

test('its parts, however they are spelled', () => {
  expect(readConstraint('foreign key (a) references b on delete set  null not deferrable initially immediate')).toEqual(
    {
      body: 'foreign key (a) references b',
      onUpdate: 'NO ACTION',
      onDelete: 'SET NULL',
      deferrable: '',
      state: '',
    },
  );
});
