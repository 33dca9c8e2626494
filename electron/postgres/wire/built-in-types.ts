/** PostgreSQL's own types by OID: the same on every server, so that most results need no look-up. */

export interface TypeName {
  readonly name: string;
  /** pg_type.typcategory. */
  readonly category: string;
}

/** OID, OID of its array (0: none), category, name as format_type shows it. */
const table = `
16 1000 B boolean|17 1001 U bytea|18 1002 Z "char"|19 1003 S name|20 1016 N bigint|21 1005 N smallint
22 1006 A int2vector|23 1007 N integer|24 1008 N regproc|25 1009 S text|26 1028 N oid|27 1010 U tid
28 1011 U xid|29 1012 U cid|30 1013 A oidvector|114 199 U json|142 143 U xml|194 0 Z pg_node_tree
600 1017 G point|601 1018 G lseg|602 1019 G path|603 1020 G box|604 1027 G polygon|628 629 G line
650 651 I cidr|700 1021 N real|701 1022 N double precision|705 0 X unknown|718 719 G circle|774 775 U macaddr8
790 791 N money|829 1040 U macaddr|869 1041 I inet|1033 1034 U aclitem|1042 1014 S character
1043 1015 S character varying|1082 1182 D date|1083 1183 D time without time zone
1114 1115 D timestamp without time zone|1184 1185 D timestamp with time zone|1186 1187 T interval
1266 1270 D time with time zone|1560 1561 V bit|1562 1563 V bit varying|1700 1231 N numeric
1790 2201 U refcursor|2202 2207 N regprocedure|2203 2208 N regoper|2204 2209 N regoperator|2205 2210 N regclass
2206 2211 N regtype|2249 2287 P record|2275 1263 P cstring|2278 0 P void|2950 2951 U uuid
2970 2949 U txid_snapshot|3220 3221 U pg_lsn|3361 0 Z pg_ndistinct|3402 0 Z pg_dependencies
3614 3643 U tsvector|3615 3645 U tsquery|3642 3644 U gtsvector|3734 3735 N regconfig|3769 3770 N regdictionary
3802 3807 U jsonb|3904 3905 R int4range|3906 3907 R numrange|3908 3909 R tsrange|3910 3911 R tstzrange
3912 3913 R daterange|3926 3927 R int8range|4072 4073 U jsonpath|4089 4090 N regnamespace|4096 4097 N regrole
4191 4192 N regcollation|4451 6150 R int4multirange|4532 6151 R nummultirange|4533 6152 R tsmultirange
4534 6153 R tstzmultirange|4535 6155 R datemultirange|4536 6157 R int8multirange|5017 0 Z pg_mcv_list
5038 5039 U pg_snapshot|5069 271 U xid8
`;

interface BuiltIn extends TypeName {
  /** OID of the element, for arrays. */
  readonly element: number;
}

const types = new Map<number, BuiltIn>();
for (const entry of table.trim().split(/[|\n]/)) {
  const [, oid, array, category, name] = /^(\d+) (\d+) (.) (.+)$/.exec(entry) as unknown as string[];
  types.set(Number(oid), { name: name as string, category: category as string, element: 0 });
  if (array !== '0')
    types.set(Number(array), { name: `${name}[]`, category: name === 'record' ? 'P' : 'A', element: Number(oid) });
}

/** Name with its modifier as `format_type(oid, typmod)` writes it; undefined for a type that is not built in. */
export function builtInType(oid: number, typmod: number): TypeName | undefined {
  const type = types.get(oid);
  if (!type) return undefined;
  if (type.element) return { name: `${modified(type.element, typmod)}[]`, category: type.category };
  return { name: modified(oid, typmod), category: type.category };
}

function modified(oid: number, typmod: number): string {
  const name = types.get(oid)?.name ?? '';
  switch (oid) {
    case 1042:
      return typmod > 4 ? `character(${typmod - 4})` : 'bpchar';
    case 1043:
      return typmod > 4 ? `${name}(${typmod - 4})` : name;
    case 1560:
      return typmod >= 0 ? `bit(${typmod})` : '"bit"';
    case 1562:
      return typmod >= 0 ? `${name}(${typmod})` : name;
    case 1700:
      return typmod >= 4 ? `numeric(${((typmod - 4) >> 16) & 0xffff},${numericScale(typmod - 4)})` : name;
    case 1083:
    case 1114:
    case 1184:
    case 1266:
      return typmod >= 0 ? name.replace(' ', `(${typmod}) `) : name;
    case 1186:
      return typmod >= 0 ? interval(typmod) : name;
    default:
      return name;
  }
}

/** Eleven bits with a sign since PostgreSQL 15; before, never over 1,000: the same bits. */
const numericScale = (bits: number): number => ((bits & 0x7ff) ^ 0x400) - 0x400;

/** datetime.h: the bit of each field, as INTERVAL_MASK sets them. */
const intervalFields: Readonly<Record<number, string>> = {
  4: ' year',
  2: ' month',
  6: ' year to month',
  8: ' day',
  1024: ' hour',
  2048: ' minute',
  4096: ' second',
  1032: ' day to hour',
  3080: ' day to minute',
  7176: ' day to second',
  3072: ' hour to minute',
  7168: ' hour to second',
  6144: ' minute to second',
};

function interval(typmod: number): string {
  const fields = intervalFields[(typmod >> 16) & 0x7fff] ?? '';
  const precision = typmod & 0xffff;
  return precision === 0xffff ? `interval${fields}` : `interval${fields}(${precision})`;
}
