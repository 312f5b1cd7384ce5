import { createHash } from 'node:crypto';

/** Every secret of the stage, by whose it is. None of them may be found in a log, a record or a reply. */
export const SECRETS = {
  alice: 'smcp_key_pV2mXo7qRk3TzLw9Yc5HnDf8JbGs1AeUi4WyQt6KrMv',
  bob: 'smcp_key_Zt8KdW3nBv6YxJq1LmRf5ChGp9SaEu2TiOo7XwVy4Nk',
  carol: 'smcp_key_f4JgQw8RtB2NzXc6VmLk1PdSh5YaUe9IoTi3KrWx7Gy',
  expired: 'smcp_key_Lq7YhTf2KxWn9RbVz4MjGc6DsPa1EuOi8QtXw3ByNk5',
  planner: 'smcp_agent_c9RkXm4TbWq7ZyNf2HvLj5GdSp8AeUo1IiQt6KrMx3w',
  worker: 'smcp_agent_T6bNwQk9XzRf3YmJv5LcHg8DpSa2EuIo4OtWi7KyXr1',
  courier: 'smcp_agent_x3VzKq8WmTb5RnYf1JgLc7HdPs4AuEi9OoQt2XwKyNr',
  deputy: 'smcp_agent_H8yLnXk2TqRw6ZbVf9MjGc4DsPa7EuIo1OtWi3KyXr5',
  hermit: 'smcp_agent_m5QtWx9KzRb3NnYf7JvLc1HgSp6AdEu8IiOo4TkXwRy',
  injectedHeader: 'xoxb-4481926307-Jd82HsKqLw0ZbXnVt5RfYmCg',
  injectedVariable: 'Wb6!tuNq-zR4vKc8-hXj2mLfGd9Ps-correct-horse',
  ownCredential: 'ghp_k7ZrXw2VbNq9TmYf4JgLc8HdSp5AeUo3Iit6',
  master: 'O2X0RTY7iaZnvpdEo1gI3U6izvMZaSQPXU6PomafQX0=',
} as const;

const PUBLIC_PREFIX = /^(?:smcp_(?:key|agent)_|ghp_|xoxb-)/;
const HINT_LENGTH = 4;
const PIECE_LENGTH = 10;

/**
 * What to look for so that no part of a secret worth having stays unseen: pieces from its beginning (behind what people may see), middle and end,
 * and the whole in the codings that hide it from a plain search. A keyed hash of it is not among them; a plain one is.
 */
function tracesOf(secret: string): readonly string[] {
  const hidden = secret.slice((PUBLIC_PREFIX.exec(secret)?.[0].length ?? 0) + HINT_LENGTH);
  const middle = Math.floor((hidden.length - PIECE_LENGTH) / 2);
  const bytes = Buffer.from(secret);
  return [
    hidden.slice(0, PIECE_LENGTH),
    hidden.slice(middle, middle + PIECE_LENGTH),
    hidden.slice(-PIECE_LENGTH),
    // Three spellings differ by where the secret begins in what was encoded; the first and last characters depend on the neighbours.
    ...[0, 1, 2].map((offset) =>
      Buffer.concat([Buffer.alloc(offset), bytes])
        .toString('base64')
        .slice(4, -4),
    ),
    bytes.toString('hex'),
    createHash('sha256').update(secret).digest('hex'),
    createHash('sha256').update(secret).digest('base64url'),
  ];
}

/** Names of the secrets of which some trace stands in `text`. */
export function findSecrets(text: string, secrets: ReadonlyMap<string, string>): readonly string[] {
  return [...secrets]
    .filter(([, secret]) => tracesOf(secret).some((trace) => text.includes(trace)))
    .map(([name]) => name);
}
