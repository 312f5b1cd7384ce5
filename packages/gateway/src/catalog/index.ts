export { CatalogStore } from './catalog-store.ts';
export { Catalog, type Listing } from './catalog.ts';
export { LIST_KINDS, PROMPTS, RESOURCES, TEMPLATES, TOOLS, type ListKind } from './list-all.ts';
export { assignNames, type NamedTarget } from './naming.ts';
