(() => {
  const { plots, colour, INK, QUIET, percent, draw, axis, title, legend } = page;
  const splits = plots.splits, COLOURS = splits.map((name, i) => colour('split-' + i % 6));
  const number = x => x.toLocaleString('en');
  const signed = x => (x < 0 ? '−' : '+') + percent(Math.abs(x));

  const names = plots.strata.map(s => s.stratum);
  const height = 96 + names.length * 24;
  const left = Math.min(150, 16 + 7.5 * Math.max(...names.map(name => name.length)));
  const strataGrid = { left, right: 28, top: 50, bottom: 46 };
  const strataAxis = { type: 'category', inverse: true, data: names, axisTick: { show: false }, axisLine: { lineStyle: { color: '#aab2bb' } },
    axisLabel: { color: INK, fontSize: 12.5, width: left - 8, overflow: 'truncate', interval: 0 } };

  function rows() {
    draw(document.getElementById('strata-rows'), height, {
      title: title('Rows kept'),
      legend: legend({ top: 22, left: 0, right: 'auto', type: 'scroll' }),
      grid: strataGrid,
      tooltip: { renderMode: 'richText', confine: true, trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: axis('rows', { type: 'value', minInterval: 1, splitNumber: 4, nameGap: 26, axisLabel: { color: QUIET, fontSize: 12, hideOverlap: true } }),
      yAxis: strataAxis,
      series: splits.map((name, i) => ({ name, type: 'bar', stack: 'rows', barMaxWidth: 16, itemStyle: { color: COLOURS[i] }, data: plots.strata.map(s => s.rows[i]) })),
    });
  }

  function misses() {
    const values = plots.strata.flatMap(s => s.miss).filter(x => x !== null);
    if (!values.length) return;
    const most = Math.ceil(100 * Math.max(0.01, ...values.map(Math.abs))) / 100;
    // the splits' dots one below the other, so that none hides another
    const place = i => (i - (splits.length - 1) / 2) * Math.min(6, 18 / splits.length);
    draw(document.getElementById('strata-misses'), height, {
      title: title('How far from the target'),
      legend: legend({ top: 22, left: 0, right: 'auto', type: 'scroll' }),
      grid: strataGrid,
      xAxis: axis('more or fewer rows than wanted', { type: 'value', min: -most, max: most, splitNumber: 4, nameGap: 26,
        axisLabel: { color: QUIET, fontSize: 12, hideOverlap: true, formatter: x => Math.abs(x) < 1e-9 ? '0' : signed(x) } }),
      yAxis: strataAxis,
      series: splits.map((name, i) => ({
        name, type: 'scatter', symbolSize: 9, symbolOffset: [0, place(i)], itemStyle: { color: COLOURS[i] },
        data: plots.strata.map((s, y) => [s.miss[i], y]).filter(p => p[0] !== null),
        tooltip: { formatter: p => `${names[p.value[1]]}, ${name}\n${number(plots.strata[p.value[1]].rows[i])} rows, ${signed(p.value[0])}` },
        markLine: i ? undefined : { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: INK, type: 'solid', width: 1 }, data: [{ xAxis: 0 }] },
      })),
    });
  }

  function lengths({ unit, maxLength, ends, tasks }) {
    const parent = document.getElementById('lengths-' + unit);
    const powerOfTwo = x => (x & (x - 1)) === 0;
    const most = Math.max(...tasks.flatMap(task => task.shares));
    const step = [0.02, 0.05, 0.1, 0.2].find(step => 5 * step >= most);
    const bound = maxLength === null ? -1 : ends.findIndex(end => end >= maxLength);
    for (const task of tasks) {
      const element = parent.appendChild(document.createElement('div'));
      element.className = 'plot';
      draw(element, 190, {
        title: title(task.task),
        grid: { left: 4, right: 10, top: 30, bottom: 34, containLabel: true },
        tooltip: { renderMode: 'richText', confine: true, trigger: 'axis', axisPointer: { type: 'shadow' },
          formatter: ([p]) => `${p.dataIndex ? number(ends[p.dataIndex - 1] + 1) + ' to ' : 'up to '}${number(ends[p.dataIndex])} ${unit}\n${percent(p.value)}` },
        xAxis: axis(unit, { type: 'category', data: ends.map(String), splitLine: { show: false }, nameGap: 24,
          axisLabel: { color: QUIET, fontSize: 12, hideOverlap: true, interval: i => powerOfTwo(ends[i]) } }),
        yAxis: axis('', { type: 'value', min: 0, max: step * Math.ceil(most / step - 1e-9), interval: step, axisLabel: { color: QUIET, fontSize: 12, formatter: x => Math.round(100 * x) + ' %' } }),
        series: [{
          type: 'bar', data: task.shares, barCategoryGap: '8%', itemStyle: { color: COLOURS[0], borderRadius: [1, 1, 0, 0] },
          markLine: bound < 0 ? undefined : { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: INK, type: 'dashed', width: 1.5 }, data: [{ xAxis: bound }] },
        }],
      });
    }
  }

  rows();
  misses();
  plots.lengths.forEach(lengths);
})();
