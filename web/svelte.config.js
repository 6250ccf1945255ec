// Runes everywhere: an old-style component is an error, not a second way of writing.
export default {
  compilerOptions: { runes: true },
};
