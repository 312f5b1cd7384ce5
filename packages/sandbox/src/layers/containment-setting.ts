/**
 * How strongly scripts have to be contained.
 *
 * - `auto` with everything that works on this machine
 * - `required` only in namespaces of their own and behind a seccomp filter; otherwise not at all
 * - `none` in a process of their own with limits, also where more would work
 */
export type ContainmentSetting = 'auto' | 'required' | 'none';
