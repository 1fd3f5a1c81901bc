import eslint from "@eslint/js";
import globals from "globals";
import tseslint from "typescript-eslint";

/** What only one folder may import: the one-way dependencies of docs/architecture.md. */
const restricted = {
  vscode: { regex: "^vscode$", message: "Only src/extension may import vscode." },
  engineClients: {
    regex: "^(dockerode|docker-modem|protobufjs|smol-toml|tar-stream|@grpc/.*)(/.*)?$",
    message: "Only src/engine may import engine clients.",
  },
  extensionLayer: { regex: "/extension/", message: "Only src/extension knows the extension." },
  cliLayer: { regex: "/cli/", message: "Only src/cli knows the CLI." },
  corePackages: {
    regex: "^(?!node:|\\.|(zod|jsonc-parser|tar-stream)(/|$))",
    message: "src/core imports only Node, zod, jsonc-parser and tar-stream.",
  },
  outerLayers: {
    regex: "^(\\.\\./)+(engine|providers|extension|cli)/",
    message: "src/core imports nothing from the outer layers.",
  },
};

/** The same for import declarations and for import(), which ESLint's own rule leaves out. */
const restrict = (...patterns) => ({
  "no-restricted-imports": ["error", { patterns }],
  "no-restricted-syntax": [
    "error",
    ...patterns.map(({ regex, message }) => {
      // A slash would end the expression in a selector.
      const value = `/${regex.replaceAll("/", "\\u002F")}/`;
      return { selector: `ImportExpression > Literal.source[value=${value}]`, message };
    }),
    { selector: "ImportExpression > :not(Literal).source", message: "Which layer this imports cannot be seen." },
  ],
});

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", ".slipway/", "samples/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-console": "error",
      curly: ["error", "all"],
      eqeqeq: "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ["src/core/**/*.ts"],
    ignores: ["src/core/**/*.test.ts"],
    rules: restrict(restricted.corePackages, restricted.outerLayers),
  },
  {
    files: ["src/engine/**/*.ts", "src/providers/**/*.ts"],
    rules: restrict(restricted.vscode, restricted.extensionLayer, restricted.cliLayer),
  },
  {
    files: ["src/cli/**/*.ts"],
    rules: restrict(restricted.vscode, restricted.engineClients, restricted.extensionLayer),
  },
  { files: ["src/extension/**/*.ts"], rules: restrict(restricted.engineClients, restricted.cliLayer) },
  {
    files: ["**/*.mjs", "**/*.cjs"],
    languageOptions: { globals: globals.node, ecmaVersion: 2023 },
  },
);
