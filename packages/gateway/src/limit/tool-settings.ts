/** Settings of one server's tools by glob, as configured: keys are tool names in which `*` stands for any run of characters. */
export interface ToolSettings<T extends object> {
  /** The value of one setting for a tool: from its exact name, else from the matching glob with the most literal characters that gives it. */
  get<K extends keyof T>(tool: string, setting: K): T[K] | undefined;
}

/** Sorts the globs once; of two that are equally exact the earlier wins. */
export function compileToolSettings<T extends object>(byGlob: Readonly<Record<string, T>>): ToolSettings<T> {
  const exact = new Map<string, T>();
  const globs: { readonly parts: readonly string[]; readonly literal: number; readonly settings: T }[] = [];
  for (const [glob, settings] of Object.entries(byGlob)) {
    if (!glob.includes('*')) exact.set(glob, settings);
    else globs.push({ parts: glob.split('*'), literal: glob.replaceAll('*', '').length, settings });
  }
  globs.sort((a, b) => b.literal - a.literal);
  return {
    get(tool, setting) {
      const own = exact.get(tool)?.[setting];
      if (own !== undefined) return own;
      for (const { parts, settings } of globs) {
        const value = settings[setting];
        if (value !== undefined && matches(parts, tool)) return value;
      }
      return undefined;
    },
  };
}

/** Linear: the first part must begin the name, the last must end it, those between are found from left to right. */
function matches(parts: readonly string[], name: string): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last))
    return false;
  const end = name.length - last.length;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const at = name.indexOf(part, from);
    if (at === -1 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
