// Finds every way in which a source file names another module, types and dynamic forms included.
import { parseSync } from 'oxc-parser';

const STATIC = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration']);
const LOADERS = new Set(['require', 'getBuiltinModule']);

/**
 * The modules that `text` names, as `{ specifier, line }`. The specifier is null where only running the code
 * would tell. A file that does not parse comes with an `error`: what cannot be read cannot be vouched for.
 */
export function importsOf(file, text) {
  const { program, comments, errors } = parseSync(file, text);
  const found = [];
  const add = (node, specifier) => found.push({ specifier, line: text.slice(0, node.start).split('\n').length });
  visit(program, (node) => {
    const named = moduleNamedBy(node);
    if (named !== undefined) add(node, textOf(named));
  });
  for (const comment of comments) {
    const reference = /^\/\s*<reference\s+(types|path)\s*=\s*["']([^"']+)["']/.exec(comment.value);
    if (reference !== null) add(comment, reference[1] === 'path' ? `./${reference[2]}` : reference[2]);
  }
  return { imports: found, error: errors[0]?.message };
}

/** The expression that says which module; null where a loader is handed on, which hides the module. */
function moduleNamedBy(node) {
  if (STATIC.has(node.type)) return node.source ?? undefined;
  if (node.type === 'ImportExpression' || node.type === 'TSImportType') return node.source ?? node.argument;
  if (node.type === 'TSExternalModuleReference') return node.expression;
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  const { callee } = node;
  const name = callee.type === 'MemberExpression' ? nameOf(callee.property) : nameOf(callee);
  // `require.resolve` names a module too, without loading it.
  if (name === 'resolve' && nameOf(callee.object) === 'require') return node.arguments[0] ?? null;
  return LOADERS.has(name) ? (node.arguments[0] ?? null) : undefined;
}

function nameOf(node) {
  return node?.name ?? node?.value;
}

function textOf(node) {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0].value.cooked;
  return null;
}

function visit(node, onNode) {
  if (Array.isArray(node)) {
    for (const child of node) visit(child, onNode);
  } else if (typeof node === 'object' && node !== null) {
    if (typeof node.type === 'string') onNode(node);
    for (const child of Object.values(node)) visit(child, onNode);
  }
}
