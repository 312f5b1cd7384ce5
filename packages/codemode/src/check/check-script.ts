import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { CheckReply, CheckRequest } from './check.ts';
import { checkerFailed } from './checker-failed.ts';
import type { CheckLimits } from './check-limits.ts';
import type { Compiler } from './compiler/compiler.ts';
import { checkSettings } from './compiler/compiler-settings.ts';
import type { CheckFiles, WorkFolder } from './compiler/work-folder.ts';
import { learnDeclarations } from './declares/learn-declarations.ts';
import { diagnose, type ReportNames } from './diagnostics/diagnose.ts';
import { readReport, type Reported } from './diagnostics/read-report.ts';
import type { PlacedCheck } from './placed-check.ts';
import { toScriptForm } from './script-form.ts';

/** Name of the declarations of earlier runs. */
const EARLIER = 'earlier.d.ts';
/** An identifier of its own for each check: 96 random bits. */
const MARK_BYTES = 12;

/** Checks one script with processes of `compiler`, in a folder of its own. */
export async function checkScript(
  request: CheckRequest,
  compiler: Compiler,
  folder: WorkFolder,
  limits: CheckLimits,
): Promise<CheckReply> {
  const earlier = request.earlier ?? '';
  const given = [{ name: EARLIER, text: earlier }, ...request.declarations].filter(({ text }) => text !== '');
  await using files = await folder.open(given.map(({ text }) => text));
  const placed: PlacedCheck = { request, files, declarations: files.declarations };
  const form = toScriptForm(request.code, `end_${randomBytes(MARK_BYTES).toString('hex')}`);
  const script = request.language === 'javascript' ? 'script.js' : 'script.ts';
  await writeFile(join(files.path, script), form.text, { mode: 0o600 });
  const end = await compiler.run(
    files.root,
    files.path,
    checkSettings(request.language, [...placed.declarations, script]),
  );
  if (end.state === 'crashed') throw checkerFailed(request.name, end.why);
  if (end.state === 'errors') {
    const names = reportNames(request, files, script, given);
    const reported = readReport(end.report);
    refuseOthers(request, reported, names);
    const found = diagnose(form, reported, names, limits);
    if (found.diagnostics.length > 0) {
      // What was not read is at least one more.
      return { ok: false, diagnostics: found.diagnostics, more: found.more + (end.isCut ? 1 : 0) };
    }
    if (end.isCut) throw checkerFailed(request.name, 'there is too much to say about it');
  }
  if (request.wantsDeclares !== true) return { ok: true, declares: earlier };
  return { ok: true, declares: await learnDeclarations(placed, compiler, limits.maxDeclaresBytes) };
}

/** An error that is not in the script is not the author's, and leaves the script without a verdict. */
function refuseOthers(request: CheckRequest, reported: readonly Reported[], names: ReportNames): void {
  if (reported.length === 0) throw checkerFailed(request.name, 'the compiler failed');
  for (const { place, code, message } of reported) {
    // What the language itself lacks for a script, such as the types behind a keyword, has no place.
    if (place === undefined ? isAboutTypes(code) : place.file === names.scriptPath) continue;
    const where =
      place === undefined
        ? 'the checker'
        : `line ${place.line} of ${names.shownName(place.file) ?? 'a file'}`;
    throw checkerFailed(request.name, `${where} is wrong: ${names.withoutPaths(message).slice(0, 200)}`);
  }
}

function isAboutTypes(code: number): boolean {
  return code >= 2000 && code < 3000;
}

function reportNames(
  request: CheckRequest,
  files: CheckFiles,
  script: string,
  given: readonly { readonly name: string }[],
): ReportNames {
  const known = new Map([[resolve(files.path, script), request.name]]);
  for (const [index, path] of files.declarations.entries()) {
    known.set(resolve(files.path, path), given[index]?.name ?? '');
  }
  return {
    scriptPath: script,
    shownName: (path) => known.get(resolve(files.path, path)),
    withoutPaths: (text) => {
      let shown = text;
      for (const [path, name] of known) {
        shown = shown.replaceAll(path, name).replaceAll(path.replace(/(?:\.d)?\.[jt]s$/u, ''), name);
      }
      return shown.replaceAll(files.path, '').replaceAll(files.root, '').replaceAll(basename(files.root), '');
    },
  };
}
