(() => {
  const { plots, colour, QUIET, draw, axis } = page;
  const BEST = colour('best');
  const lines = plots.lines.filter(line => line.points.length > 0);
  const series = lines.map(line => {
    const best = line === plots.lines[0];
    return {
      name: line.name, type: 'line', data: line.points.map(p => [p.step, p.value]), z: best ? 3 : 2, symbol: 'circle', symbolSize: best ? 6 : 4,
      itemStyle: { color: best ? BEST : QUIET }, lineStyle: { color: best ? BEST : QUIET, width: best ? 2.4 : 1.2, opacity: best ? 1 : 0.6 },
      endLabel: { show: best || lines.length <= 12, formatter: '{a}', color: best ? BEST : QUIET, fontSize: 12 },
    };
  });
  draw(document.getElementById('curves'), 380, {
    grid: { left: 4, right: 64, top: 16, bottom: 34, containLabel: true },
    tooltip: { renderMode: 'richText', confine: true, trigger: 'item', formatter: p => `${p.seriesName}, update ${p.value[0]}: ${p.value[1].toPrecision(4)}` },
    xAxis: axis('updates', { type: 'value', min: 0, splitLine: { show: false }, nameGap: 26 }),
    yAxis: axis('', { type: 'value', scale: true }),
    series,
  });
})();
