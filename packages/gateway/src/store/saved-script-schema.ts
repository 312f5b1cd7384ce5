/** Table of saved scripts, one row per version. A row is changed only by the answer to it. */
export const SAVED_SCRIPT_SCHEMA = `
CREATE TABLE saved_scripts (
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  description TEXT NOT NULL,
  language TEXT NOT NULL,
  code TEXT NOT NULL,
  input_schema TEXT NOT NULL,
  output_schema TEXT,
  servers TEXT NOT NULL,
  digest TEXT NOT NULL,
  saved_by TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected', 'retired')),
  answered_by TEXT,
  answered_at INTEGER,
  findings TEXT NOT NULL,
  PRIMARY KEY (tenant, name, version)
) STRICT;
CREATE INDEX saved_scripts_by_state ON saved_scripts (tenant, state);`;
