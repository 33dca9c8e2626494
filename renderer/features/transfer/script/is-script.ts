/** By its name: dump.sql, dump.sql.gz */
export const isScript = (name: string): boolean => /\.sql(\.gz|\.zst)?$/i.test(name);
