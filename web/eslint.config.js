// Lint rules of the web app. Beside the recommended ones: which folder may import which, and the
// browser functions that old tablets or plain HTTP do not have.
import path from "node:path";

import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

import svelteConfig from "./svelte.config.js";

/** What each part of src may import beside its own files and the types of protocol.ts. */
const MAY_IMPORT = {
  screens: ["parts", "reader", "live", "api", "i18n"],
  reader: ["live", "api", "i18n"],
  parts: ["i18n"],
  live: ["api"],
  api: [],
  i18n: [],
  office: ["parts", "live", "api", "i18n", "style"],
};

const SRC = path.join(import.meta.dirname, "src");

/** "live" for src/live/clock.ts, "api" for src/api.ts; the extension may be left out. */
const partOf = (file) => path.relative(SRC, file).split(path.sep)[0].replace(/\..*$/, "");

const importsPointDown = {
  create(context) {
    const own = partOf(context.filename);
    const allowed = MAY_IMPORT[own];
    if (!allowed) return {}; // main.ts and App.svelte put everything together
    const check = ({ source }) => {
      if (typeof source?.value !== "string" || !source.value.startsWith(".")) return;
      const part = partOf(path.resolve(path.dirname(context.filename), source.value));
      if (part === own || part === "protocol" || allowed.includes(part)) return;
      const message = `${own} may import only: ${["protocol", ...allowed].join(", ")}.`;
      context.report({ node: source, message });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};

/** Absent in Chrome 95 or Safari 15. */
const tooNew = [{ name: "structuredClone", message: "Chrome 98, Safari 15.4: too new." }];

/** Absent or dead on plain HTTP, which is what a meeting room has. */
const secureOnly = [
  { object: "crypto", property: "randomUUID", message: "Use crypto.getRandomValues." },
  { object: "crypto", property: "subtle", message: "Needs a secure context." },
  { object: "navigator", property: "clipboard", message: "Needs a secure context." },
  { object: "navigator", property: "mediaDevices", message: "Needs a secure context." },
  { object: "navigator", property: "serviceWorker", message: "Needs a secure context." },
  { object: "navigator", property: "wakeLock", message: "Needs a secure context." },
];

export default ts.config(
  { ignores: ["node_modules/", "src/protocol.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-undef": "off", // TypeScript knows better
      "no-restricted-globals": ["error", ...tooNew],
      "no-restricted-properties": ["error", ...secureOnly],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    files: ["src/**"],
    plugins: { ours: { rules: { "imports-point-down": importsPointDown } } },
    rules: { "ours/imports-point-down": "error" },
  },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/**/*.svelte.ts", "src/**/*.svelte.test.ts", "src/main.ts", "src/office/main.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^svelte(/|$)|\\.svelte(\\.ts)?$",
              message: "A plain .ts file knows no Svelte: name it *.svelte.ts or pass values in.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["*.mjs", "*.js", "*.ts"],
    languageOptions: { globals: globals.node },
    rules: { "no-console": "off" },
  },
);
