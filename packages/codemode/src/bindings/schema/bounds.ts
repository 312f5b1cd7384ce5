/** How much of one schema is told. What lies beyond becomes a type that admits everything, so that nothing valid is refused for it. */
export const BOUNDS = Object.freeze({
  /** Subschemas read. */
  nodes: 4000,
  /** Nesting, counted anew in every named type. */
  depth: 20,
  /** Named types. */
  definitions: 200,
  /** Properties of one object. */
  properties: 300,
  /** Branches of one `anyOf`, `oneOf` or `allOf`. */
  branches: 50,
  /** Values of one `enum`. */
  values: 100,
  /** Positions of one tuple. */
  positions: 20,
  /** Alternatives of an intersection once it is multiplied out, which is what compilers do with it. */
  alternatives: 500,
  /** Characters of one property name or literal. */
  literalChars: 200,
  /** Characters of the comment of one property, and of one value in it. */
  commentChars: 200,
  valueChars: 60,
  /** Characters of all types made of one schema. */
  textChars: 100_000,
  /** Subschemas looked at in search of `$id` and `$anchor`. */
  indexed: 10_000,
});
