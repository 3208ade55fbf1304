/** Statements that say at the end of a program how much it has loaded of what reads programs. */
export const TELL_LOADED = `import { createRequire } from "node:module";
process.on("exit", () => {
  const loaded = Object.keys(createRequire(import.meta.url).cache ?? {}).filter((file) => file.includes("ts-morph"));
  console.log(\`files of ts-morph: \${loaded.length}\`);
});
`;
