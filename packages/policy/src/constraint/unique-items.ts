/** Whether no two items are equal as JSON, in time linear to their size (the validator's own way compares each with each). */
export function hasUniqueItems(items: readonly unknown[]): boolean {
  const seen = new Set<string>();
  for (const item of items) seen.add(toCanonicalText(item));
  return seen.size === items.length;
}

function toCanonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}:${toCanonicalText(member)}`,
  );
  return `{${members.sort().join(',')}}`;
}
