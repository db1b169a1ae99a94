/** Places that refusals of JSON files name: a line, a field, an entry, a tensor, or that the file as a whole is another. */
export const JSON_PLACE =
  /line \d+, column \d+|"[^"]+"|\b[a-z]+_[a-z_]+\b|\[\d+\]|, tensor .+: |its JSON is no object|valid UTF-8|\bitem \d+/;
