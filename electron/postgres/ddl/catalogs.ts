/** Which system catalog an object's row is in, and its noun in COMMENT ON, ALTER … OWNER TO, GRANT ON. */
import type { ObjectKind } from '../../../shared/api/objects.ts';

export interface CatalogFacts {
  readonly catalog: string;
  /** As SQL commands name it; columns, casts and the like build theirs themselves. */
  readonly noun: string;
}
export const catalogOf: Readonly<Record<ObjectKind, CatalogFacts>> = {
  database: { catalog: 'pg_database', noun: 'DATABASE' },
  schema: { catalog: 'pg_namespace', noun: 'SCHEMA' },
  table: { catalog: 'pg_class', noun: 'TABLE' },
  partitionedTable: { catalog: 'pg_class', noun: 'TABLE' },
  foreignTable: { catalog: 'pg_class', noun: 'FOREIGN TABLE' },
  view: { catalog: 'pg_class', noun: 'VIEW' },
  materializedView: { catalog: 'pg_class', noun: 'MATERIALIZED VIEW' },
  sequence: { catalog: 'pg_class', noun: 'SEQUENCE' },
  function: { catalog: 'pg_proc', noun: 'FUNCTION' },
  procedure: { catalog: 'pg_proc', noun: 'PROCEDURE' },
  aggregate: { catalog: 'pg_proc', noun: 'AGGREGATE' },
  type: { catalog: 'pg_type', noun: 'TYPE' },
  domain: { catalog: 'pg_type', noun: 'DOMAIN' },
  collation: { catalog: 'pg_collation', noun: 'COLLATION' },
  operator: { catalog: 'pg_operator', noun: 'OPERATOR' },
  operatorClass: { catalog: 'pg_opclass', noun: 'OPERATOR CLASS' },
  operatorFamily: { catalog: 'pg_opfamily', noun: 'OPERATOR FAMILY' },
  conversion: { catalog: 'pg_conversion', noun: 'CONVERSION' },
  textSearchConfiguration: { catalog: 'pg_ts_config', noun: 'TEXT SEARCH CONFIGURATION' },
  textSearchDictionary: { catalog: 'pg_ts_dict', noun: 'TEXT SEARCH DICTIONARY' },
  textSearchParser: { catalog: 'pg_ts_parser', noun: 'TEXT SEARCH PARSER' },
  textSearchTemplate: { catalog: 'pg_ts_template', noun: 'TEXT SEARCH TEMPLATE' },
  statistics: { catalog: 'pg_statistic_ext', noun: 'STATISTICS' },
  column: { catalog: 'pg_class', noun: 'COLUMN' },
  constraint: { catalog: 'pg_constraint', noun: 'CONSTRAINT' },
  index: { catalog: 'pg_class', noun: 'INDEX' },
  trigger: { catalog: 'pg_trigger', noun: 'TRIGGER' },
  rule: { catalog: 'pg_rewrite', noun: 'RULE' },
  policy: { catalog: 'pg_policy', noun: 'POLICY' },
  extension: { catalog: 'pg_extension', noun: 'EXTENSION' },
  language: { catalog: 'pg_language', noun: 'LANGUAGE' },
  cast: { catalog: 'pg_cast', noun: 'CAST' },
  transform: { catalog: 'pg_transform', noun: 'TRANSFORM' },
  accessMethod: { catalog: 'pg_am', noun: 'ACCESS METHOD' },
  foreignDataWrapper: { catalog: 'pg_foreign_data_wrapper', noun: 'FOREIGN DATA WRAPPER' },
  foreignServer: { catalog: 'pg_foreign_server', noun: 'SERVER' },
  userMapping: { catalog: 'pg_user_mapping', noun: 'USER MAPPING' },
  eventTrigger: { catalog: 'pg_event_trigger', noun: 'EVENT TRIGGER' },
  publication: { catalog: 'pg_publication', noun: 'PUBLICATION' },
  subscription: { catalog: 'pg_subscription', noun: 'SUBSCRIPTION' },
  defaultPrivileges: { catalog: 'pg_default_acl', noun: 'DEFAULT PRIVILEGES' },
  role: { catalog: 'pg_authid', noun: 'ROLE' },
  tablespace: { catalog: 'pg_tablespace', noun: 'TABLESPACE' },
};
