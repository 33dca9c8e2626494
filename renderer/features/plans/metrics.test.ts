import { describe, expect, it } from 'vitest';
import { figureOf, figuresOf } from '../../../shared/plan/figures.ts';
import { readPlan } from '../../../shared/plan/read/read-plan.ts';
import { estimateText, metricOf, metricsOf, rowsText, scaleOf, severityOf } from './metrics.ts';

const plan = readPlan(`Nested Loop  (cost=0.00..90.00 rows=10 width=8) (actual time=0.020..40.000 rows=900 loops=1)
  ->  Seq Scan on a  (cost=0.00..10.00 rows=10 width=4) (actual time=0.010..10.000 rows=900 loops=1)
  ->  Index Scan using b_pkey on b  (cost=0.00..8.00 rows=1 width=4) (actual time=0.010..0.020 rows=0 loops=1000)
        Index Cond: (id = a.id)
Execution Time: 50.000 ms`);
const figures = figuresOf(plan);
const figure = (id: number) => figureOf(figures, id);

describe('what nodes are measured by', () => {
  it('offers what the plan has figures for', () => {
    expect(metricsOf(plan, figures)).toEqual(['time', 'rows', 'cost']);
    expect(metricsOf(readPlan('Seq Scan on a  (cost=0.00..10.00 rows=10 width=4)'), figures)).not.toContain('io');
  });
  it('takes loops as totals and shares of the whole execution', () => {
    expect(metricOf(figure(2), 'time')).toBeCloseTo(20);
    expect(scaleOf(figures, 'time').share(figure(2))).toBeCloseTo(0.4);
    expect(severityOf(0.4, 'time')).toBe('medium');
    expect(severityOf(1, 'rows')).toBe('low');
  });
  it('says how far a rounded average can be off', () => {
    expect(rowsText(figure(2))).toBe('≤ 500');
    expect(rowsText(figure(1))).toBe('900');
  });
  it('marks only estimates that are far off', () => {
    expect(estimateText(figure(1))).toBe('90× more');
    expect(estimateText(figure(2))).toBeNull();
  });
});
