import { expect, test } from 'vitest';
import { withRoles } from './role-words.ts';

const names = new Map([
  ['old', 'new'],
  ['Odd "one', 'plain'],
  ['plain', 'a b'],
]);

test.each([
  ['ALTER TABLE s.old OWNER TO old;', 'ALTER TABLE s.old OWNER TO new;'],
  ['ALTER TABLE "OWNER TO old" OWNER TO "Odd ""one";', 'ALTER TABLE "OWNER TO old" OWNER TO plain;'],
  ['GRANT SELECT ON s.t TO old, PUBLIC;', 'GRANT SELECT ON s.t TO new, PUBLIC;'],
  [
    'SET ROLE old;\nGRANT SELECT ON s.t TO plain;\nRESET ROLE;',
    'SET ROLE new;\nGRANT SELECT ON s.t TO "a b";\nRESET ROLE;',
  ],
  [`COMMENT ON TABLE s.t IS 'OWNER TO old';`, `COMMENT ON TABLE s.t IS 'OWNER TO old';`],
  ['CREATE POLICY old ON s.t TO old USING (true);', 'CREATE POLICY old ON s.t TO new USING (true);'],
  [
    'ALTER DEFAULT PRIVILEGES FOR ROLE old GRANT SELECT ON TABLES TO "Odd ""one";',
    'ALTER DEFAULT PRIVILEGES FOR ROLE new GRANT SELECT ON TABLES TO plain;',
  ],
  ['CREATE USER MAPPING FOR old SERVER old;', 'CREATE USER MAPPING FOR new SERVER old;'],
  [
    "COMMENT ON TABLE s.t IS 'ü'; ALTER TABLE s.t OWNER TO old;",
    "COMMENT ON TABLE s.t IS 'ü'; ALTER TABLE s.t OWNER TO new;",
  ],
  ['ALTER ROLE old IN DATABASE d SET work_mem TO 1;', 'ALTER ROLE new IN DATABASE d SET work_mem TO 1;'],
])('%s', async (sql, wanted) => {
  expect(await withRoles(sql, names)).toBe(wanted);
});
