/** Boxes as large as their share (Bruls, Huizing and van Wijk, Squarified Treemaps, 2000). Pure. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One box a size, in the order given; sizes that are not above zero take none. Best given the largest first. */
export function squarify(sizes: readonly number[], area: Box): Box[] {
  const whole = sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  const boxes: Box[] = sizes.map(() => ({ x: area.x, y: area.y, width: 0, height: 0 }));
  if (whole <= 0) return boxes;
  const scale = (area.width * area.height) / whole;
  let free = area;
  let row: number[] = [];
  const areaOf = (at: number) => Math.max(0, sizes[at] ?? 0) * scale;
  const worst = (members: readonly number[]): number => {
    const side = Math.min(free.width, free.height);
    const sum = members.reduce((all, at) => all + areaOf(at), 0);
    const [most, least] = [Math.max(...members.map(areaOf)), Math.min(...members.map(areaOf))];
    return Math.max((side * side * most) / (sum * sum), (sum * sum) / (side * side * least));
  };
  const settle = () => {
    const sum = row.reduce((all, at) => all + areaOf(at), 0);
    const across = free.width >= free.height;
    const depth = across ? sum / free.height : sum / free.width;
    let along = 0;
    for (const at of row) {
      const length = areaOf(at) / depth;
      boxes[at] = across
        ? { x: free.x, y: free.y + along, width: depth, height: length }
        : { x: free.x + along, y: free.y, width: length, height: depth };
      along += length;
    }
    free = across
      ? { x: free.x + depth, y: free.y, width: free.width - depth, height: free.height }
      : { x: free.x, y: free.y + depth, width: free.width, height: free.height - depth };
    row = [];
  };
  sizes.forEach((size, at) => {
    if (size <= 0) return;
    if (row.length > 0 && worst([...row, at]) > worst(row)) settle();
    row.push(at);
  });
  if (row.length > 0) settle();
  return boxes;
}
