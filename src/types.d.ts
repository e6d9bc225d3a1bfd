// Markdown files (the role prompts) are imported as their text; esbuild's text loader does it.
declare module '*.md' {
  const text: string;
  export default text;
}
