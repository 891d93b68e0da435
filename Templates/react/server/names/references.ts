// Reads a module: which names it declares and uses where. Plain ECMAScript, as a tree of ESTree's kinds.

/** A place in the module's text: the line from 1, the column from 0. */
export type Place = { line: number; column: number };

/** What becomes of a value: it is called (or rendered, or extended), somebody asks whether it is there, or anything else. */
export type Role = "run" | "test" | "other";

/** A use of a name; `isCaught` tells whether a handler waits for it to fail. */
export type Reference = { name: string; role: Role; at: Place; isCaught?: boolean };
/** A use of a member; `alias` is the variable that takes its value. */
export type Member = { object: string; property: string; role: Role; at: Place; alias?: string };
export type Import = { module: string; imported: string; local: string; at: Place };

/** What a module says. */
export type Module = {
  imports: Import[];
  /** Uses of what was imported, by its name in the module. */
  uses: Map<string, { names: Reference[]; members: Member[] }>;
  /** Names that the module uses and does not declare. */
  free: Reference[];
  /** Names that the module asks for, or that it sets on the global object. */
  known: Set<string>;
  /** Modules that are asked for while it runs, where nothing catches their absence. */
  asked: { module: string; at: Place }[];
  /** Uses of `import.meta.env`, which there is none of. */
  environment: Place[];
  /** Where the default export begins, when it is a function that neither shows nor does anything. */
  empty: Place | undefined;
};

type Node = { type: string; loc: { start: Place }; [key: string]: any };

const globalObjects = new Set(["window", "globalThis", "self", "top", "parent", "frames"]);
const jsxFunctions = new Set(["jsx", "jsxs", "jsxDEV", "createElement"]);

/** Reads `program`; `isComponent` tells whether its default export is what is shown. */
export function readModule(program: unknown, isComponent: boolean): Module {
  return new Reader().read(program as Node, isComponent);
}

/** Names of one block, function or module. */
class Scope {
  readonly names = new Set<string>();
  readonly parent: Scope | undefined;
  /** Where `var` declares. */
  readonly ofFunction: Scope;

  constructor(parent?: Scope, isFunction = false) {
    this.parent = parent;
    this.ofFunction = isFunction || !parent ? this : parent.ofFunction;
  }

  declaring(name: string): Scope | undefined {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) if (scope.names.has(name)) return scope;
    return undefined;
  }
}

class Reader {
  #module = new Scope();
  #found: Module = {
    imports: [],
    uses: new Map(),
    free: [],
    known: new Set(),
    asked: [],
    environment: [],
    empty: undefined,
  };
  // Names may be declared after their use: all are looked up at the end.
  #references: (Reference & { scope: Scope })[] = [];
  #members: (Member & { scope: Scope })[] = [];
  /** How many handlers would catch what is thrown here. */
  #caught = 0;
  /** How many times something was awaited so far. */
  #awaits = 0;

  read(program: Node, isComponent: boolean): Module {
    this.#each(program.body, this.#module);
    const found = this.#found;
    for (const { local } of found.imports) found.uses.set(local, { names: [], members: [] });
    const tested = new Map<Scope, Set<string>>();
    for (const { scope, ...reference } of this.#references) {
      const owner = scope.declaring(reference.name);
      if (owner && reference.role === "test") tested.set(owner, (tested.get(owner) ?? new Set()).add(reference.name));
      if (!owner) found.free.push(reference);
      else if (owner === this.#module) found.uses.get(reference.name)?.names.push(reference);
    }
    for (const { scope, ...member } of this.#members) {
      const owner = member.alias === undefined ? undefined : scope.declaring(member.alias);
      if (owner && tested.get(owner)?.has(member.alias!)) member.role = "test";
      if (scope.declaring(member.object) === this.#module) found.uses.get(member.object)?.members.push(member);
    }
    if (isComponent) found.empty = emptyDefault(program);
    return found;
  }

  #each(nodes: (Node | null)[], scope: Scope): void {
    for (const node of nodes) this.#visit(node, scope);
  }

  #visit(node: Node | null | undefined, scope: Scope, role: Role = "other"): void {
    if (!node) return;
    switch (node.type) {
      case "Identifier":
        this.#references.push({ name: node.name, role, at: node.loc.start, scope });
        return;
      case "MemberExpression":
        return this.#member(node, scope, role);
      case "ChainExpression":
        return this.#visit(node.expression, scope, role);
      case "CallExpression":
      case "NewExpression":
        return this.#call(node, scope);
      case "TaggedTemplateExpression":
        this.#visit(node.tag, scope, "run");
        return this.#visit(node.quasi, scope);
      case "ImportExpression":
        return this.#ask(node.source, scope);
      case "UnaryExpression":
        if (node.operator === "typeof" && node.argument.type === "Identifier") {
          // Never fails, and whoever asks is prepared for the answer.
          this.#found.known.add(node.argument.name);
        }
        return this.#visit(node.argument, scope, ["typeof", "!"].includes(node.operator) ? "test" : "other");
      case "AwaitExpression":
        this.#awaits++;
        return this.#visit(node.argument, scope);
      case "LogicalExpression":
        this.#visit(node.left, scope, "test");
        return this.#visit(node.right, scope, role);
      case "ConditionalExpression":
        this.#visit(node.test, scope, "test");
        this.#visit(node.consequent, scope, role);
        return this.#visit(node.alternate, scope, role);
      case "IfStatement":
        this.#visit(node.test, scope, "test");
        this.#visit(node.consequent, scope);
        return this.#visit(node.alternate, scope);
      case "BinaryExpression":
        return this.#binary(node, scope);
      case "Property":
        if (node.computed) this.#visit(node.key, scope);
        return this.#visit(node.value, scope);
      case "AssignmentExpression":
        this.#pattern(node.left, scope);
        this.#visit(node.right, scope);
        return this.#alias(node.left, node.right);
      case "VariableDeclaration":
        for (const each of node.declarations) {
          this.#pattern(each.id, scope, node.kind === "var" ? scope.ofFunction : scope);
          this.#destructured(each, scope);
          this.#visit(each.init, scope);
          this.#alias(each.id, each.init);
        }
        return;
      case "FunctionDeclaration":
        if (node.id) scope.names.add(node.id.name);
        return this.#function(node, scope);
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#function(node, scope);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#class(node, scope);
      case "BlockStatement":
      case "Program":
        return this.#each(node.body, new Scope(scope));
      case "StaticBlock":
        return this.#each(node.body, new Scope(scope, true));
      case "ForStatement":
      case "SwitchStatement":
        return this.#children(node, new Scope(scope));
      case "ForInStatement":
      case "ForOfStatement": {
        const inner = new Scope(scope);
        if (node.left.type === "VariableDeclaration") this.#visit(node.left, inner);
        else this.#pattern(node.left, inner);
        this.#visit(node.right, inner);
        return this.#visit(node.body, inner);
      }
      case "TryStatement":
        return this.#try(node, scope);
      case "LabeledStatement":
        return this.#visit(node.body, scope);
      case "ImportDeclaration":
        return this.#import(node);
      case "ExportNamedDeclaration":
        this.#visit(node.declaration, scope);
        if (!node.source) for (const each of node.specifiers) this.#visit(each.local, scope);
        return;
      case "BreakStatement":
      case "ContinueStatement":
      case "ExportAllDeclaration":
      case "MetaProperty":
        return;
      default:
        return this.#children(node, scope);
    }
  }

  #children(node: Node, scope: Scope): void {
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) for (const each of value) this.#child(each, scope);
      else this.#child(value, scope);
    }
  }

  #child(value: unknown, scope: Scope): void {
    if (typeof value === "object" && value !== null && "type" in value) this.#visit(value as Node, scope);
  }

  #member(node: Node, scope: Scope, role: Role): void {
    const { object } = node;
    const property = propertyOf(node);
    if (object.type === "Identifier" && property !== undefined) {
      this.#members.push({ object: object.name, property, role, at: node.property.loc.start, scope });
      if (globalObjects.has(object.name)) this.#found.known.add(property);
    }
    const isOfMeta = object.type === "MemberExpression" && object.object.type === "MetaProperty";
    if (isOfMeta && propertyOf(object) === "env" && !node.optional) this.#found.environment.push(object.loc.start);
    this.#visit(object, scope, node.optional ? "test" : "other");
    if (node.computed) this.#visit(node.property, scope);
  }

  #call(node: Node, scope: Scope): void {
    const { callee } = node;
    const name = callee.type === "MemberExpression" ? propertyOf(callee) : callee.name;
    const catches = name === "catch" || (name === "then" && node.arguments.length > 1);
    if (catches) this.#caught++;
    this.#visit(callee, scope, node.optional ? "test" : "run");
    if (catches) this.#caught--;
    const [first, ...rest] = node.arguments;
    if (callee.name === "require" || callee.name === "__require") this.#ask(first, scope);
    // What is rendered is called by React; Bun gives its own names to what it imports for JSX.
    else this.#visit(first, scope, isJSX(name) ? "run" : name === "Boolean" ? "test" : "other");
    this.#each(rest, scope);
  }

  #ask(source: Node | undefined, scope: Scope): void {
    if (typeof source?.value !== "string") return this.#visit(source, scope);
    if (this.#caught === 0) this.#found.asked.push({ module: source.value, at: source.loc.start });
  }

  #binary(node: Node, scope: Scope): void {
    const { left, right, operator } = node;
    if (operator === "in" && typeof left.value === "string") {
      this.#found.known.add(left.value);
      if (right.type === "Identifier") {
        this.#members.push({ object: right.name, property: left.value, role: "test", at: left.loc.start, scope });
      }
    }
    const role = /^[!=]==?$/.test(operator) ? "test" : "other";
    this.#visit(left, scope, role);
    this.#visit(right, scope, role);
  }

  /** Declares the names of a pattern in `into`, or takes them for uses where there is none. */
  #pattern(node: Node | null, scope: Scope, into?: Scope): void {
    switch (node?.type) {
      case undefined:
        return;
      case "Identifier":
        if (into) into.names.add(node!.name);
        else this.#visit(node, scope);
        return;
      case "ObjectPattern":
        for (const each of node!.properties) {
          if (each.computed) this.#visit(each.key, scope);
          this.#pattern(each.type === "RestElement" ? each.argument : each.value, scope, into);
        }
        return;
      case "ArrayPattern":
        for (const each of node!.elements) this.#pattern(each, scope, into);
        return;
      case "AssignmentPattern":
        this.#pattern(node!.left, scope, into);
        return this.#visit(node!.right, scope);
      case "RestElement":
        return this.#pattern(node!.argument, scope, into);
      default:
        // A member that is set is there from then on.
        return this.#visit(node, scope, "test");
    }
  }

  /** `const { use } = React` takes members as `React.use` does. */
  #destructured({ id, init }: Node, scope: Scope): void {
    if (id.type !== "ObjectPattern" || init?.type !== "Identifier") return;
    for (const each of id.properties) {
      if (each.type !== "Property" || each.computed) continue;
      const property = each.key.name ?? each.key.value;
      // With a default, its absence is provided for.
      const role = each.value.type === "AssignmentPattern" ? "test" : "other";
      this.#members.push({ object: init.name, property, role, at: each.key.loc.start, alias: each.value.name, scope });
    }
  }

  /** `const use = React.use`: whoever asks for the variable asks for the member. */
  #alias(variable: Node, value: Node | null): void {
    if (variable.type !== "Identifier") return;
    switch (value?.type) {
      case "ChainExpression":
        return this.#alias(variable, value.expression);
      case "LogicalExpression":
        return this.#alias(variable, value.right);
      case "ConditionalExpression":
        this.#alias(variable, value.consequent);
        return this.#alias(variable, value.alternate);
      case "MemberExpression": {
        const member = this.#members.findLast(({ at }) => at === value.property.loc.start);
        if (member) member.alias = variable.name;
      }
    }
  }

  #function(node: Node, scope: Scope): void {
    const outer = new Scope(scope, true);
    if (node.type === "FunctionExpression" && node.id) outer.names.add(node.id.name);
    if (node.type !== "ArrowFunctionExpression") outer.names.add("arguments");
    for (const each of node.params) this.#pattern(each, outer, outer);
    if (node.body.type !== "BlockStatement") return this.#visit(node.body, outer);
    this.#each(node.body.body, outer);
  }

  #class(node: Node, scope: Scope): void {
    const inner = new Scope(scope);
    if (node.id) {
      inner.names.add(node.id.name);
      if (node.type === "ClassDeclaration") scope.names.add(node.id.name);
    }
    this.#visit(node.superClass, inner, "run");
    for (const each of node.body.body) {
      if (each.type === "StaticBlock") {
        this.#visit(each, inner);
        continue;
      }
      if (each.computed) this.#visit(each.key, inner);
      // A field's value is the body of a method.
      const body = new Scope(inner, true);
      body.names.add("arguments");
      this.#visit(each.value, body);
    }
  }

  #try(node: Node, scope: Scope): void {
    const first = { reference: this.#references.length, member: this.#members.length, awaits: this.#awaits };
    if (node.handler) this.#caught++;
    this.#visit(node.block, scope);
    if (node.handler) {
      this.#caught--;
      // Where something is awaited, the handler is for that, and a wrong name would only be hidden by it.
      if (this.#awaits === first.awaits) {
        for (const each of this.#references.slice(first.reference)) each.isCaught = true;
        for (const each of this.#members.slice(first.member)) each.role = "test";
      }
      const inner = new Scope(scope);
      this.#pattern(node.handler.param, inner, inner);
      this.#visit(node.handler.body, inner);
    }
    this.#visit(node.finalizer, scope);
  }

  #import(node: Node): void {
    const module = node.source.value;
    if (node.specifiers.length === 0) this.#found.imports.push({ module, imported: "", local: "", at: node.loc.start });
    for (const { type, local, imported } of node.specifiers) {
      this.#module.names.add(local.name);
      const name =
        type === "ImportSpecifier"
          ? (imported.name ?? imported.value)
          : type === "ImportNamespaceSpecifier"
            ? "*"
            : "default";
      this.#found.imports.push({ module, imported: name, local: local.name, at: (imported ?? local).loc.start });
    }
  }
}

/** Whether a function of this name makes elements; Bun may have added to the name. */
function isJSX(name: string | undefined): boolean {
  return name !== undefined && jsxFunctions.has(name.replace(/_.*$|\d+$/, ""));
}

function propertyOf(node: Node): string | undefined {
  if (!node.computed) return node.property.name;
  return typeof node.property.value === "string" ? node.property.value : undefined;
}

/** Where the default export begins, when it is a function whose body neither gives nor does anything. */
function emptyDefault(program: Node): Place | undefined {
  let value: Node | undefined;
  for (const each of program.body as Node[]) {
    if (each.type === "ExportDefaultDeclaration") value = each.declaration;
    if (each.type !== "ExportNamedDeclaration") continue;
    value = each.specifiers.find((one: Node) => one.exported.name === "default")?.local ?? value;
  }
  // `export default memo(App)`: a few steps lead to the function, and no more are followed.
  for (let steps = 0; steps < 5 && value; steps++) {
    if (value.type === "Identifier") value = topLevel(program, value.name);
    else if (value.type === "CallExpression") value = value.arguments[0];
    else break;
  }
  const isEmpty = value && isFunction(value) && isEmptyBody(value.body, fragments(program));
  return isEmpty ? value!.loc.start : undefined;
}

function topLevel(program: Node, name: string): Node | undefined {
  for (const each of program.body as Node[]) {
    if (each.type === "FunctionDeclaration" && each.id.name === name) return each;
    if (each.type !== "VariableDeclaration") continue;
    const found = each.declarations.find((one: Node) => one.id.name === name);
    if (found) return found.init ?? undefined;
  }
  return undefined;
}

function isFunction(node: Node): boolean {
  return ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"].includes(node.type);
}

/** What the module calls React's `Fragment`. */
function fragments(program: Node): Set<string> {
  const all = (program.body as Node[]).filter(({ type }) => type === "ImportDeclaration");
  const isOfReact = (each: Node) => /^react(?:\/jsx-(?:dev-)?runtime)?$/.test(each.source.value);
  const specifiers = all.filter(isOfReact).flatMap((each): Node[] => each.specifiers);
  return new Set(specifiers.filter((each) => each.imported?.name === "Fragment").map((each) => each.local.name));
}

function isEmptyBody(body: Node, fragments: Set<string>): boolean {
  if (body.type !== "BlockStatement") return isNothing(body, fragments);
  return body.body.every((each: Node) => {
    switch (each.type) {
      case "ReturnStatement":
        return !each.argument || isNothing(each.argument, fragments);
      case "ExpressionStatement":
        // A forgotten `return` before the element, or a directive; any other call may draw.
        return each.directive !== undefined || isJSX(each.expression.callee?.name);
      default:
        return ["VariableDeclaration", "FunctionDeclaration", "ClassDeclaration", "EmptyStatement"].includes(each.type);
    }
  });
}

function isNothing(node: Node, fragments: Set<string>): boolean {
  if (node.type === "Literal") return node.raw === "null" || node.value === false;
  if (node.type === "CallExpression" && isJSX(node.callee.name) && node.callee.name !== "createElement") {
    const [element, properties] = node.arguments;
    return fragments.has(element.name) && properties?.properties?.length === 0;
  }
  // The bundler may write `!1` for `false`.
  if (node.type === "UnaryExpression" && node.operator === "!") return node.argument.value === 1;
  return (node.type === "UnaryExpression" && node.operator === "void") || node.name === "undefined";
}
