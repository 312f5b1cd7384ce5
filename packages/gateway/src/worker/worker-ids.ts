/** `ses-3.…`, `call-3.…`: what lives in the memory of worker 3. No random part has a dot, so that an id of a gateway that is one process never looks like that. */
const OWNED = /^(?:ses|call)-([1-9][0-9]?)\./;

/** The number of the worker that made an id; undefined for an id of a gateway that is one process, and for what is no such id. */
export function workerOf(id: string): number | undefined {
  const number = OWNED.exec(id)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** What ids of a worker begin with, before their random part. */
export function idPrefix(kind: 'ses' | 'call', worker: number): string {
  return `${kind}-${worker}.`;
}
