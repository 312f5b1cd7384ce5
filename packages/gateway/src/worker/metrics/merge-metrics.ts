/** What one worker gives for Prometheus. */
export interface WorkerMetrics {
  readonly worker: number;
  readonly text: string;
}

interface Family {
  readonly comments: string[];
  readonly samples: string[];
}

const COMMENT = /^# (?:HELP|TYPE) (\S+)/;
const SAMPLE = /^([A-Za-z_:][\w:]*)(\{)?/;

/**
 * Joins the metrics of several workers in the text format of Prometheus 0.0.4: one family of each name, each sample with the label `worker`. What is neither a
 * description nor a sample is left out.
 */
export function mergeMetrics(parts: readonly WorkerMetrics[]): string {
  const families = new Map<string, Family>();
  for (const { worker, text } of parts) {
    addPart(families, worker, text);
  }
  return [...families.values()]
    .flatMap(({ comments, samples }) => [...comments, ...samples])
    .map((line) => `${line}\n`)
    .join('');
}

function addPart(families: Map<string, Family>, worker: number, text: string): void {
  // The samples of a histogram have other names than their family, whose description stands before them.
  let described = '';
  const before = new Set(families.keys());
  for (const line of text.split('\n')) {
    const name = COMMENT.exec(line)?.[1];
    if (name !== undefined) {
      described = name;
      const family = familyOf(families, name);
      if (!before.has(name)) {
        family.comments.push(line);
      }
      continue;
    }
    const sample = SAMPLE.exec(line);
    const own = sample?.[1];
    if (own !== undefined) {
      const family = familyOf(families, belongsTo(own, described) ? described : own);
      family.samples.push(withLabel(line, own, sample?.[2] !== undefined, worker));
    }
  }
}

function familyOf(families: Map<string, Family>, name: string): Family {
  const family = families.get(name) ?? { comments: [], samples: [] };
  families.set(name, family);
  return family;
}

function belongsTo(sample: string, family: string): boolean {
  return family !== '' && /^(?:_bucket|_sum|_count|_total)?$/.test(sample.slice(family.length))
    ? sample.startsWith(family)
    : false;
}

function withLabel(line: string, name: string, hasLabels: boolean, worker: number): string {
  const label = `worker="${worker}"`;
  const rest = line.slice(name.length);
  if (!hasLabels) {
    return `${name}{${label}}${rest}`;
  }
  return `${name}{${label}${rest.startsWith('{}') ? '' : ','}${rest.slice(1)}`;
}
