// Turns the JSON Schema of all messages into src/protocol.ts.
//
//   meeting types | node web/types.mjs           writes the file
//   meeting types | node web/types.mjs --check   fails when the file is not what it should be

import { readFileSync, writeFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

const FILE = new URL("src/protocol.ts", import.meta.url);
const HEADER =
  "// GENERATED from meeting/protocol by `meeting types | node web/types.mjs`. Do not edit.\n";

const { $defs: schemas } = JSON.parse(readFileSync(0, "utf8"));
const names = Object.keys(schemas).sort();
const unions = new Map(
  names
    .filter((name) => schemas[name].anyOf)
    .map((name) => [JSON.stringify(schemas[name].anyOf), name]),
);

// The compiler only writes what a root reaches; the root itself is cut out again.
const root = {
  type: "object",
  properties: Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${name}` }])),
  $defs: Object.fromEntries(names.map((name) => [name, { ...plain(schemas[name]), title: name }])),
};
const compiled = await compile(root, "EveryMessage", {
  bannerComment: HEADER,
  additionalProperties: false,
  style: { printWidth: 100 },
});
const text = compiled.replace(/^export interface EveryMessage \{\n(?: .*\n)*\}\n/m, "");

const written = [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);
if (written.sort().join() !== names.join()) {
  throw new Error(`other names than asked for:\n${written}\n${names}`);
}

if (!process.argv.includes("--check")) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, "utf8") !== text) {
  console.error("web/src/protocol.ts is not what meeting/protocol says.");
  console.error("Run: meeting types | node web/types.mjs");
  process.exitCode = 1;
}

/** A schema as the compiler understands it best; `properties` maps names, not keywords. */
function plain(schema) {
  if (Array.isArray(schema)) return schema.map(plain);
  if (schema === null || typeof schema !== "object") return schema;
  const result = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === "properties") {
      result.properties = Object.fromEntries(
        Object.entries(value).map(([name, part]) => [name, plainPart(part)]),
      );
    } else if (key === "description") {
      result.description = value.replace(/\n +/g, "\n");
    } else if (key !== "title" && key !== "minItems" && key !== "maxItems") {
      // A title would become a type of its own; a list is a list, the server counts its length.
      result[key] = plain(value);
    }
  }
  const anything = schema.type === "object" && !schema.properties && !schema.additionalProperties;
  return anything ? { ...result, additionalProperties: true } : result;
}

/** A union that has a name is called by its name. */
function plainPart(schema) {
  const name = schema.anyOf && unions.get(JSON.stringify(schema.anyOf));
  return name ? { $ref: `#/$defs/${name}` } : plain(schema);
}
