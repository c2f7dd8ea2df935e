import { INNER, MARGIN, WIDTH } from './chart.js';

/** What the page does by itself: tells the value under the pointer, and paints the strips. Plain script, because no compiler is near. */
export const BEHAVIOUR = `
const data = JSON.parse(document.getElementById('data').textContent);
const clock = (part) => { const m = Math.round(part * data.partMs / 60000); return String(Math.floor(m / 60)).padStart(2, '0') + ':' + String(m % 60).padStart(2, '0'); };
for (const figure of document.querySelectorAll('[data-chart]')) {
  const chart = data.charts[figure.dataset.chart], svg = figure.querySelector('svg'), out = figure.querySelector('output'), cursor = figure.querySelector('.cursor');
  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect(), at = (event.clientX - box.left) / box.width * ${WIDTH};
    const share = Math.min(1, Math.max(0, (at - ${MARGIN.left}) / ${INNER.width})), count = chart.texts[0].length, point = Math.min(count - 1, Math.floor(share * count));
    const x = ${MARGIN.left} + (point + .5) / count * ${INNER.width};
    cursor.setAttribute('x1', x); cursor.setAttribute('x2', x);
    const where = chart.ofTime ? clock(point) : (100 * point / (count - 1)).toFixed(1) + ' %';
    out.textContent = where + '  ' + chart.texts.map((texts, n) => (chart.texts.length > 1 ? chart.names[n] + ' ' : '') + texts[point]).join('  ·  ');
  });
  svg.addEventListener('pointerleave', () => { out.textContent = ''; cursor.setAttribute('x1', -9); cursor.setAttribute('x2', -9); });
}
const colour = (name) => { const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim().slice(1); const long = text.length === 3 ? [...text].map((c) => c + c).join('') : text; return [0, 2, 4].map((n) => parseInt(long.slice(n, n + 2), 16)); };
function paint(figure) {
  const [columns, rows] = figure.dataset.heat.split(',').map(Number), bytes = Uint8Array.from(atob(figure.dataset.bytes), (c) => c.charCodeAt(0));
  const canvas = figure.querySelector('canvas'), image = new ImageData(columns, rows), [from, to, silent] = ['--paper', '--s0', '--silent'].map(colour);
  canvas.width = columns; canvas.height = rows;
  bytes.forEach((byte, n) => { const load = byte / 200; for (let c = 0; c < 3; c++) image.data[4 * n + c] = byte === 255 ? silent[c] : from[c] + (to[c] - from[c]) * load; image.data[4 * n + 3] = 255; });
  canvas.getContext('2d').putImageData(image, 0, 0);
  canvas.onpointermove = (event) => {
    const box = canvas.getBoundingClientRect(), column = Math.min(columns - 1, Math.floor((event.clientX - box.left) / box.width * columns)), row = Math.min(rows - 1, Math.floor((event.clientY - box.top) / box.height * rows));
    const byte = bytes[row * columns + column];
    figure.querySelector('output').textContent = clock(column) + '  ' + data.rowNames[row] + '  ' + (byte === 255 ? 'silent' : (byte / 2).toFixed(0) + ' %');
  };
  canvas.onpointerleave = () => { figure.querySelector('output').textContent = ''; };
}
const paintAll = () => document.querySelectorAll('[data-heat]').forEach(paint);
paintAll();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paintAll);
`;
