/** What stays the same of a plan from run to run: its kinds of nodes, tables, indexes and their order. */
import type { Plan, PlanNode } from './plan.ts';

/** Partitions differ by their numbers; the plan is the same. */
const withoutNumbers = (name: string): string => name.replace(/\d+/g, '#');

function shapeText(node: PlanNode): string {
  const own = [
    node.label,
    withoutNumbers(node.relation ?? node.cteName ?? ''),
    withoutNumbers(node.index ?? ''),
    node.relationship === 'InitPlan' || node.relationship === 'SubPlan' ? node.relationship : '',
  ];
  // However many partitions: those of one shape count once.
  const below = [...new Set(node.children.map(shapeText))];
  return `${own.join('|')}(${below.join(',')})`;
}

/** 53 bits of the shape (cyrb53), as hexadecimal. Equal shapes have equal hashes. */
export function shapeOf(plan: Plan): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (const letter of shapeText(plan.root)) {
    const code = letter.codePointAt(0) ?? 0;
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, '0');
}
