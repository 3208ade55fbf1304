import type { Node } from "ts-morph";
import type { TsMorph } from "./program.js";

/** The expression without parentheses, assertions of types and `await`. */
export function unwrap(node: Node, { Node }: TsMorph): Node {
  let inner = node;
  while (
    Node.isParenthesizedExpression(inner) ||
    Node.isAsExpression(inner) ||
    Node.isSatisfiesExpression(inner) ||
    Node.isNonNullExpression(inner) ||
    Node.isTypeAssertion(inner) ||
    Node.isAwaitExpression(inner)
  )
    inner = inner.getExpression();
  return inner;
}

/** The value of a literal; undefined for anything else. */
export function literalValue(node: Node, { Node }: TsMorph): { readonly value: unknown } | undefined {
  if (Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node))
    return { value: node.getLiteralText() };
  if (Node.isNumericLiteral(node)) return { value: node.getLiteralValue() };
  if (Node.isTrueLiteral(node)) return { value: true };
  if (Node.isFalseLiteral(node)) return { value: false };
  if (Node.isNullLiteral(node)) return { value: null };
  if (Node.isPrefixUnaryExpression(node) && node.getText().startsWith("-")) {
    const operand = node.getOperand();
    return Node.isNumericLiteral(operand) ? { value: -operand.getLiteralValue() } : undefined;
  }
  return undefined;
}

/** The name of a property; undefined where it is computed. */
export function propertyName(name: Node, morph: TsMorph): string | undefined {
  const { Node } = morph;
  if (Node.isIdentifier(name)) return name.getText();
  const literal = literalValue(Node.isComputedPropertyName(name) ? name.getExpression() : name, morph);
  return typeof literal?.value === "string" || typeof literal?.value === "number"
    ? String(literal.value)
    : undefined;
}

/** What declares the value that an identifier stands for, through imports and shorthands. */
export function declarationOf(identifier: Node, { Node }: TsMorph): Node | undefined {
  const parent = identifier.getParent();
  const symbol = Node.isShorthandPropertyAssignment(parent)
    ? parent.getValueSymbol()
    : identifier.getSymbol();
  const target = symbol?.isAlias() ? (symbol.getAliasedSymbol() ?? symbol) : symbol;
  return target?.getValueDeclaration() ?? target?.getDeclarations()[0];
}
