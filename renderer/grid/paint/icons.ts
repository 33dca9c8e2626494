/** The few icons that are drawn outside React: 24-unit paths in lucide's manner. */
const paths = {
  up: ['M12 19V5', 'm5 12 7-7 7 7'],
  down: ['M12 5v14', 'm19 12-7 7-7-7'],
  upDown: ['m7 15 5 5 5-5', 'm7 9 5-5 5 5'],
  more: ['M12 5v.01', 'M12 12v.01', 'M12 19v.01'],
} as const;

const SVG = 'http://www.w3.org/2000/svg';

export function icon(name: keyof typeof paths): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [key, value] of Object.entries({
    viewBox: '0 0 24 24',
    width: '12',
    height: '12',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': name === 'more' ? '3' : '2',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  })) {
    svg.setAttribute(key, value);
  }
  for (const d of paths[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}
