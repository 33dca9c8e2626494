/** What is asked where, as long as nobody has chosen otherwise. */
import type { Connection } from '../api/connections.ts';
import { type GuardGrade, type GuardPolicy, guardGrades } from '../api/guard.ts';

export const defaultPolicies: Readonly<Record<Connection['environment'], GuardPolicy>> = {
  development: {
    write: 'silent',
    writeAll: 'silent',
    ddl: 'silent',
    destroy: 'silent',
    admin: 'silent',
    costAbove: null,
    journal: true,
  },
  staging: {
    write: 'silent',
    writeAll: 'confirm',
    ddl: 'confirm',
    destroy: 'confirm',
    admin: 'confirm',
    costAbove: null,
    journal: true,
  },
  production: {
    write: 'confirm',
    writeAll: 'type',
    ddl: 'confirm',
    destroy: 'type',
    admin: 'confirm',
    costAbove: null,
    journal: true,
  },
};

/** The strictest of some. */
export const strictest = (grades: readonly GuardGrade[]): GuardGrade =>
  guardGrades.findLast((grade) => grades.includes(grade)) ?? 'silent';
