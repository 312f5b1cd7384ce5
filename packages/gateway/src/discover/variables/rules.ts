import type { PlaceName, VariableRule } from './variable-rule.ts';

/** `${VAR}` and `${VAR:-default}`. */
export const shellRule: VariableRule = {
  pattern: /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g,
  read: ([, name = '', fallback]) => ({ kind: 'env', name, fallback }),
};

/** As `shellRule`, and `${env:VAR}`: for folders that programs of all manners share. */
export const sharedRule: VariableRule = {
  pattern: /\$\{(?:env:)?([A-Za-z_]\w*)(?::-([^}]*))?\}/g,
  read: ([, name = '', fallback]) => ({ kind: 'env', name, fallback }),
};

/** As `shellRule`, and `$VAR`. */
export const dollarRule: VariableRule = {
  pattern: /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::-([^}]*))?\})/g,
  read: ([, plain, name = '', fallback]) => ({ kind: 'env', name: plain ?? name, fallback }),
};

const PLACES: ReadonlySet<string> = new Set<PlaceName>([
  'userHome',
  'workspaceFolder',
  'workspaceFolderBasename',
  'cwd',
  'pathSeparator',
  '/',
]);

function isPlaceName(text: string): text is PlaceName {
  return PLACES.has(text);
}

/** Those of VS Code and of editors made from it: `${env:VAR}`, `${workspaceFolder}`, `${input:id}` … */
export const editorRule: VariableRule = {
  pattern:
    /\$\{(?:(env|input|config|command|workspaceFolder):([^}]+)|(userHome|workspaceFolder|workspaceFolderBasename|cwd|pathSeparator|\/))\}/g,
  read: ([whole, kind, argument = '', place = '']) => {
    if (kind === 'env') return { kind: 'env', name: argument };
    return isPlaceName(place) ? { kind: 'place', name: place } : { kind: 'client', expression: whole };
  },
};

/** `${env:VAR}` and `${file:path}`. */
export const windsurfRule: VariableRule = {
  pattern: /\$\{(env|file):([^}]+)\}/g,
  read: ([, kind, argument = '']) =>
    kind === 'file' ? { kind: 'file', path: argument } : { kind: 'env', name: argument },
};

/** `{env:VAR}` and `{file:path}`. */
export const openCodeRule: VariableRule = {
  pattern: /\{(env|file):([^}]+)\}/g,
  read: ([, kind, argument = '']) =>
    kind === 'file' ? { kind: 'file', path: argument } : { kind: 'env', name: argument },
};

/** For clients that take every text as it is. */
export const noVariables: VariableRule = {
  pattern: /(?!)/g,
  read: ([expression]) => ({ kind: 'client', expression }),
};
