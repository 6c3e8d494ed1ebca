(() => {
  const { plots, colour, INK, QUIET, percent, draw, axis, title, legend, whiskers } = page;
  const MODEL = colour('model'), EARLIER = plots.earlier.map((name, i) => colour('earlier-' + i));
  const score = (x, share) => share ? percent(x) : x.toFixed(3);
  const withRange = (v, share) => `${score(v.value, share)} (${score(v.low, share)} – ${score(v.high, share)})`;

  function bars() {
    const rows = plots.bars;
    const names = rows.map(r => `${r.task}\n{quiet|${r.measure}}`);
    const width = 13, gap = 4, middle = plots.earlier.length / 2;
    const bar = (name, color, values, place) => [{
      name, type: 'bar', barWidth: width, barGap: gap / width * 100 + '%', itemStyle: { color, borderRadius: [0, 2, 2, 0] },
      data: values.map(v => v ? v.value : '-'),
      tooltip: { formatter: p => `${rows[p.dataIndex].task}, ${rows[p.dataIndex].measure}\n${name}: ${withRange(values[p.dataIndex], rows[p.dataIndex].share)}` },
    }, whiskers(values, true, (place - middle) * (width + gap))];
    const series = [
      ...plots.earlier.flatMap((name, i) => bar(name, EARLIER[i], rows.map(r => r.earlier[i]), i)),
      ...bar(plots.model, MODEL, rows.map(r => r.model), plots.earlier.length),
    ];
    series.push({
      type: 'custom', silent: true, z: 9, encode: { y: 0, x: 1 }, tooltip: { show: false },
      data: rows.map((r, i) => [i, r.majority]).filter(d => d[1] !== null),
      renderItem: (params, api) => {
        const at = api.coord([api.value(1), api.value(0)]), half = middle * (width + gap) + width / 2 + 5;
        return { type: 'line', shape: { x1: at[0], y1: at[1] - half, x2: at[0], y2: at[1] + half }, style: { stroke: INK, lineWidth: 2, lineDash: [4, 3] } };
      },
    });
    draw(document.getElementById('bars'), 92 + rows.length * Math.max(42, 22 + (plots.earlier.length + 1) * (width + gap)), {
      legend: legend({ data: [...plots.earlier, plots.model], left: 0, right: 'auto' }),
      grid: { left: 4, right: 20, top: 34, bottom: 46, containLabel: true },
      xAxis: axis('score (1 = 100 %)', { type: 'value', min: 0, max: 1 }),
      yAxis: { type: 'category', inverse: true, data: names, axisTick: { show: false }, axisLine: { lineStyle: { color: '#aab2bb' } },
        axisLabel: { color: INK, fontSize: 13, lineHeight: 17, width: 150, overflow: 'truncate', rich: { quiet: { color: QUIET, fontSize: 12.5, lineHeight: 17 } } } },
      series,
    });
  }

  function training() {
    const parent = document.getElementById('training');
    if (!parent) return;
    const small = x => x !== 0 && Math.abs(x) < 0.01 ? x.toExponential(1) : String(+x.toPrecision(4));
    const last = Math.max(...plots.training.flatMap(plot => plot.lines.map(line => line.points[line.points.length - 1].step)));
    for (const plot of plots.training) {
      const element = parent.appendChild(document.createElement('div'));
      element.className = 'plot';
      const colours = plot.lines.length > 1 ? [QUIET, MODEL] : [MODEL];
      const values = plot.lines.flatMap(line => line.points.map(p => p.value)), least = Math.min(...values);
      const fromZero = plot.lines[0].name === 'learning_rate';
      const wide = !fromZero && least > 0 && Math.max(...values) > 8 * least; // the first steps would flatten all that comes after
      draw(element, 270, {
        title: title(plot.unit ? `${plot.title} (${plot.unit})` : plot.title),
        legend: plot.lines.length > 1 ? legend({ top: 24, left: 0, right: 'auto' }) : undefined,
        grid: { left: 4, right: 16, top: plot.lines.length > 1 ? 56 : 36, bottom: 34, containLabel: true },
        tooltip: { renderMode: 'richText', confine: true, trigger: 'axis', valueFormatter: x => x === undefined ? '–' : small(x) },
        xAxis: axis('step', { type: 'value', min: 0, max: last, splitLine: { show: false }, nameGap: 26, axisLabel: { color: QUIET, fontSize: 12, showMaxLabel: false } }),
        yAxis: axis('', { type: wide ? 'log' : 'value', logBase: 2, scale: !fromZero, axisLabel: { color: QUIET, fontSize: 12, formatter: small } }),
        series: plot.lines.map((line, i) => ({
          name: line.name, type: 'line', sampling: 'lttb', data: line.points.map(p => [p.step, p.value]), itemStyle: { color: colours[i] }, lineStyle: { color: colours[i], width: i === plot.lines.length - 1 ? 2 : 1.4 },
          showSymbol: line.points.length < 30, symbolSize: 5, symbol: 'circle',
        })),
      });
    }
  }

  function confusion(id, name, choices, counts) {
    const totals = counts.map(row => row.reduce((a, b) => a + b, 0));
    const cells = counts.flatMap((row, y) => row.map((count, x) => ({
      value: [x, y, totals[y] ? count / totals[y] : 0, count],
      label: { color: totals[y] && count / totals[y] > 0.55 ? '#fff' : INK },
    })));
    const category = (name, more) => axis(name, { type: 'category', data: choices, splitLine: { show: false }, axisLine: { show: false },
      axisLabel: { color: INK, fontSize: 12, width: 90, overflow: 'truncate', interval: 0 }, ...more });
    draw(document.getElementById(id), Math.min(560, 120 + 44 * Math.max(3, choices.length)), {
      title: title(name),
      grid: { left: 26, right: 8, top: 30, bottom: 64, containLabel: true },
      tooltip: { renderMode: 'richText', confine: true, formatter: p => `label ${choices[p.value[1]]}, answered ${choices[p.value[0]]}\n${p.value[3]} of ${totals[p.value[1]]}: ${percent(p.value[2])}` },
      xAxis: category('answer', { nameGap: 26 }),
      yAxis: category('label', { inverse: true, nameGap: Math.min(104, 16 + 8 * Math.max(...choices.map(c => c.length))) }),
      visualMap: { min: 0, max: 1, calculable: false, orient: 'horizontal', left: 'center', bottom: 0, itemWidth: 10, itemHeight: 120, dimension: 2,
        text: ['100 % of the label', '0'], textStyle: { color: QUIET, fontSize: 12 }, inRange: { color: ['#f4f8fb', '#a6cbe3', '#3d8fc4', '#00507d'] } },
      series: [{ type: 'heatmap', data: cells, itemStyle: { borderColor: '#fff', borderWidth: 2 }, label: { show: choices.length <= 12, fontSize: 13, formatter: p => p.value[3] } }],
    });
  }

  function distribution(id, task) {
    const choices = task.choices, column = counts => choices.map((c, x) => counts.reduce((sum, row) => sum + row[x], 0));
    const bar = (name, data, style) => ({ name, type: 'bar', data, barMaxWidth: 34, barGap: '8%', barCategoryGap: '28%', itemStyle: { borderRadius: [2, 2, 0, 0], ...style },
      label: { show: choices.length <= 6, position: 'top', color: QUIET, fontSize: 11 } });
    const series = [bar('label', task.counts.map(row => row.reduce((a, b) => a + b, 0)), { color: '#fff', borderColor: INK, borderWidth: 1.3 })];
    task.earlier.forEach((counts, i) => { if (counts) series.push(bar(plots.earlier[i], column(counts), { color: EARLIER[i] })); });
    series.push(bar(plots.model, column(task.counts), { color: MODEL }));
    draw(document.getElementById(id), 290, {
      legend: legend({ left: 0, right: 'auto' }),
      grid: { left: 22, right: 8, top: 44, bottom: 34, containLabel: true },
      tooltip: { renderMode: 'richText', confine: true, trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: axis('answer', { type: 'category', data: choices, splitLine: { show: false }, nameGap: 26, axisLabel: { color: INK, fontSize: 12, width: 110, overflow: 'truncate', interval: 0 } }),
      yAxis: axis('examples', { type: 'value', minInterval: 1, nameGap: 38 }),
      series,
    });
  }

  function shots(index, task) {
    const points = task.shots, names = points.map(p => String(p.shots));
    if (!points.length) return;
    const line = (name, color, values) => [
      { name, type: 'line', data: values.map(v => v ? v.value : '-'), itemStyle: { color }, lineStyle: { color, width: 2 }, symbol: 'circle', symbolSize: 8,
        tooltip: { formatter: p => `${name}, ${names[p.dataIndex]} shots\n${withRange(values[p.dataIndex], points[0].measure !== 'ROUGE-L')}` } },
      { ...whiskers(values, false, 0), z: 1 },
    ];
    const x = axis('shots', { type: 'category', data: names, splitLine: { show: false }, nameGap: 26 });
    draw(document.getElementById('shots-score-' + index), 260, {
      title: title(points[0].measure),
      legend: legend({ top: 24, left: 0, right: 'auto', data: [...plots.earlier, plots.model] }),
      grid: { left: 4, right: 12, top: 56, bottom: 34, containLabel: true },
      xAxis: x, yAxis: axis('', { type: 'value', min: 0, max: 1, axisLabel: { color: QUIET, fontSize: 12, formatter: v => 100 * v + ' %' } }),
      series: [...plots.earlier.flatMap((name, i) => line(name, EARLIER[i], points.map(p => p.earlier[i]))), ...line(plots.model, MODEL, points.map(p => p.model))],
    });
    draw(document.getElementById('shots-tokens-' + index), 260, {
      title: title('Tokens before the answer (mean)'),
      grid: { left: 4, right: 12, top: 56, bottom: 34, containLabel: true },
      xAxis: x, yAxis: axis('', { type: 'value' }),
      series: [{ type: 'bar', data: points.map(p => Math.round(p.contextTokens)), barMaxWidth: 44, itemStyle: { color: '#c8d2dc', borderRadius: [2, 2, 0, 0] }, label: { show: true, position: 'top', color: INK, fontSize: 12 } }],
    });
  }

  bars();
  training();
  plots.tasks.forEach((task, index) => {
    if (task.counts) {
      task.earlier.forEach((counts, i) => { if (counts) confusion(`confusion-${i}-${index}`, plots.earlier[i], task.choices, counts); });
      confusion('confusion-model-' + index, plots.model, task.choices, task.counts);
      distribution('distribution-' + index, task);
    }
    shots(index, task);
  });
})();
