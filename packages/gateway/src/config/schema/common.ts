import { z } from 'zod';

/**
 * Building blocks of the schema. An `error` text completes the sentence "Expected …"; a `.describe()` text is what users read in the
 * configuration reference.
 */

export const seconds = (max: number): z.ZodNumber => z.number().int().min(1).max(max);

export const count = z.number().int().min(1).max(100_000);

export const bytes = (max: number): z.ZodNumber => z.number().int().min(1024).max(max);

export const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, {
  error: '1 to 64 letters, digits, "_", "." or "-", starting with a letter or digit',
});

/**
 * A map whose keys users choose. The result has no prototype, so looking up a name that a caller sent can never find `constructor` or another
 * inherited property.
 */
export function record<K extends z.core.$ZodRecordKey, V extends z.core.SomeType>(
  key: K,
  value: V,
): z.ZodPipe<z.ZodRecord<K, V>, z.ZodTransform<z.output<z.ZodRecord<K, V>>, z.output<z.ZodRecord<K, V>>>> {
  return z.record(key, value).transform((entries): z.output<z.ZodRecord<K, V>> => {
    const bare = { ...entries };
    Object.setPrototypeOf(bare, null);
    return bare;
  });
}

/** RFC 6749 section 3.3. `offline_access` is a wish of the client, never a need of ours. */
export const scope = z.string().regex(/^(?!offline_access$)[!#-[\]-~]{1,128}$/, {
  error: 'an OAuth scope: printable ASCII without blanks, quotes and "\\", and not "offline_access"',
});

export const textMap = record(z.string(), z.string());

export const rate = z.strictObject({
  calls: z
    .string()
    .regex(/^[1-9][0-9]{0,8}\/(s|min|h)$/, { error: 'a rate such as "10/s", "600/min" or "5000/h"' })
    .describe('Sustained rate: a number, then `/s`, `/min` or `/h`, such as `600/min`.'),
  burst: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Calls that may come at once after a pause. Default: the number in `calls`.'),
});

export const concurrency = z.number().int().min(1).max(100_000);

export const limits = z.strictObject({
  rate: rate.optional().describe('How many calls per time. Default: no limit.'),
  concurrency: concurrency.optional().describe('Calls in flight at the same time. Default: no limit.'),
});

/** A host name, or all below one. */
export const hostGlob = z
  .string()
  .max(253)
  .regex(/^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/, {
    error:
      'a host name in lower case (ASCII) such as "login.example.com", or "*.example.com" for all below it',
  });
