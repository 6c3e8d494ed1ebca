'use strict';
/** What the pages' scripts have in common: the data, colours, and how plots are drawn. */
const page = (() => {
  const plots = JSON.parse(document.getElementById('plots').textContent);
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const INK = '#1c2128', QUIET = '#5c6670', LINE = '#dfe3e8';
  const FONT = getComputedStyle(document.body).fontFamily;
  const percent = x => (100 * x).toFixed(1) + ' %';
  const charts = [];

  function draw(element, height, option) {
    if (!element) return;
    element.style.height = height + 'px';
    const chart = echarts.init(element, null, { renderer: 'svg' });
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: FONT, color: INK },
      // Rich text, not HTML: labels and answers are data.
      tooltip: { renderMode: 'richText', confine: true, textStyle: { fontSize: 13 } },
      ...option,
    });
    charts.push(chart);
  }

  const axis = (name, more) => ({
    name, nameLocation: 'middle', nameGap: 30, nameTextStyle: { color: QUIET, fontSize: 13 },
    axisLabel: { color: QUIET, fontSize: 12 }, axisLine: { lineStyle: { color: '#aab2bb' } }, axisTick: { show: false },
    splitLine: { lineStyle: { color: LINE } }, ...more,
  });
  const title = text => ({ text, left: 0, top: 0, textStyle: { fontSize: 14, fontWeight: 600, color: INK } });
  const legend = more => ({ top: 0, right: 0, itemWidth: 14, itemHeight: 10, textStyle: { color: INK, fontSize: 13 }, ...more });

  /** Whiskers from low to high; shift: pixels across the bars. */
  function whiskers(values, horizontal, shift) {
    return {
      type: 'custom', silent: true, z: 10, data: values.map((v, i) => v ? [i, v.low, v.high] : [i, NaN, NaN]), encode: horizontal ? { y: 0, x: [1, 2] } : { x: 0, y: [1, 2] },
      tooltip: { show: false },
      renderItem: (params, api) => {
        const at = value => horizontal ? api.coord([value, api.value(0)]) : api.coord([api.value(0), value]);
        const low = at(api.value(1)), high = at(api.value(2)), cap = 4;
        const line = (a, b) => ({
          type: 'line', style: { stroke: INK, lineWidth: 1.3, fill: null },
          shape: horizontal ? { x1: a[0], y1: a[1] + shift, x2: b[0], y2: b[1] + shift } : { x1: a[0] + shift, y1: a[1], x2: b[0] + shift, y2: b[1] },
        });
        const across = p => horizontal ? line([p[0], p[1] - cap], [p[0], p[1] + cap]) : line([p[0] - cap, p[1]], [p[0] + cap, p[1]]);
        return { type: 'group', children: [line(low, high), across(low), across(high)] };
      },
    };
  }

  const resize = () => charts.forEach(chart => chart.resize());
  addEventListener('resize', resize);
  addEventListener('beforeprint', resize);
  addEventListener('afterprint', resize);

  return { plots, colour, INK, QUIET, percent, draw, axis, title, legend, whiskers };
})();
