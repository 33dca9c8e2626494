/** Where the code of a worker thread lies: beside its source when run from source, in one folder when bundled. */

/**
 * @param name path of the worker's source from this folder, without its ending: `session/session-worker`
 * @param base for tests: where this file lies
 */
export function workerUrl(name: string, base: string = import.meta.url): URL {
  if (base.endsWith('.ts')) return new URL(`./${name}.ts`, base);
  // In the bundle each worker is an entry in the main folder, and this code may lie in a chunk below it.
  const folder = /\/chunks\/[^/]*$/.test(base) ? '../' : './';
  return new URL(`${folder}${name.slice(name.lastIndexOf('/') + 1)}.js`, base);
}
