export { CatalogStore, CHANGE_INTERVAL_MS } from './catalog-store.ts';
export { Catalog, type Listing } from './catalog.ts';
export { ChangeCoalescer, type Schedule } from './change-coalescer.ts';
export type { DefinitionFilter } from './definition-filter.ts';
export { LIST_KINDS, PROMPTS, RESOURCES, TEMPLATES, TOOLS, type ListKind } from './list-all.ts';
export { assignNames, type NamedTarget } from './naming.ts';
