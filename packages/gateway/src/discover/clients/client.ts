import type { Library } from '../document/library.ts';
import type { Candidate } from '../entry/candidate.ts';
import type { ResolvedPlaces } from '../place/resolved-places.ts';

/**
 * Finds the entries of one client in the places and the form that it uses. Never throws; what cannot be read is reported to the library. Entries come
 * strongest first, as the client itself ranks them.
 */
export type ReadClient = (library: Library, places: ResolvedPlaces) => Promise<readonly Candidate[]>;
