const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,255}$/;

const DANGEROUS = new Set([
  'ALL_PROXY',
  'BASH_ENV',
  'ENV',
  'GCONV_PATH',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'JAVA_TOOL_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'NO_PROXY',
  'PATH',
  'PERL5LIB',
  'PERL5OPT',
  'PYTHONHOME',
  'PYTHONPATH',
  'PYTHONSTARTUP',
  'RUBYLIB',
  'RUBYOPT',
]);

export function isVariableName(text: string): boolean {
  return NAME.test(text);
}

/** True for a variable that changes which code a process runs, whom it trusts or where it connects. */
export function isDangerousVariable(name: string): boolean {
  const upper = name.toUpperCase();
  return DANGEROUS.has(upper) || upper.startsWith('LD_') || upper.startsWith('DYLD_');
}
