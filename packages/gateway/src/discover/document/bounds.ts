const MIB = 1024 * 1024;

export const MAX_FILE_BYTES = MIB;
/** Claude Code keeps the history of every project in the same file as its servers. */
export const MAX_STATE_FILE_BYTES = 16 * MIB;
export const MAX_DEPTH = 64;
export const MAX_FOLDER_FILES = 256;
