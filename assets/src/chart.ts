// Charts, drawn from the tables that are in the page: without this script the tables remain. Loaded only by pages with charts.
import { BarChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, GridComponent, TooltipComponent, SVGRenderer]);

interface Point {
  name: string;
  value: number | null;
  text: string;
  href: string;
}

function points(table: HTMLTableElement): Point[] {
  return Array.from(table.tBodies[0]?.rows ?? [], (row) => {
    const cell = row.querySelector<HTMLElement>("[data-value]");
    const raw = (cell?.dataset.value ?? "").replace(/,/g, "");
    return {
      name: row.querySelector("th")?.textContent ?? "",
      value: raw === "" ? null : Number(raw),
      text: cell?.textContent?.trim() ?? "",
      href: cell?.querySelector("a")?.href ?? "",
    };
  });
}

/** A colour of the page's tokens, so that charts follow light and dark. */
function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function options(box: HTMLElement, of: Point[]): Record<string, unknown> {
  const across = box.dataset.chart === "funnel";
  const ink = token("--ink-2");
  const names = {
    type: "category",
    data: of.map((point) => point.name),
    inverse: across,
    axisLabel: { color: ink },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: token("--line-strong") } },
  };
  const values = {
    type: "value",
    name: box.dataset.unit ?? "",
    nameTextStyle: { color: ink },
    axisLabel: { show: !across, color: ink },
    splitLine: { show: !across, lineStyle: { color: token("--line") } },
  };
  return {
    animation: false,
    color: [token("--accent")],
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: across
      ? { left: 8, right: 48, top: 8, bottom: 8, containLabel: true }
      : { left: 8, right: 8, top: 32, bottom: 8, containLabel: true },
    // Text drawn in the chart: the content policy allows no styles in tooltips of HTML.
    tooltip: {
      renderMode: "richText",
      formatter: (hit: { dataIndex: number }) => `${of[hit.dataIndex]?.name}  ${of[hit.dataIndex]?.text}`,
    },
    xAxis: across ? values : names,
    yAxis: across ? names : values,
    series: [
      {
        type: "bar",
        barMaxWidth: 22,
        cursor: "pointer",
        data: of.map((point) => point.value),
        label: { show: across, position: "right", color: ink },
      },
    ],
  };
}

/** The boxes of charts, and how each is drawn again. */
const drawn = new Map<HTMLElement, () => void>();

function start(box: HTMLElement): void {
  const table = box.querySelector("table");
  const of = table ? points(table) : [];
  if (!table || !of.some((point) => point.value)) return;
  const canvas = document.createElement("div");
  canvas.className = `chart chart-${box.dataset.chart ?? ""}`;
  canvas.setAttribute("aria-hidden", "true");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet chart-toggle";
  box.prepend(button);
  table.before(canvas);
  let chart: EChartsType | null = null;
  const draw = (): void => {
    chart?.dispose();
    chart = init(canvas, null, { renderer: "svg" });
    chart.setOption(options(box, of));
    chart.on("click", (hit) => {
      const href = of[hit.dataIndex]?.href;
      if (href) window.location.assign(href);
    });
  };
  const show = (asTable: boolean): void => {
    box.classList.toggle("as-table", asTable);
    button.textContent = (asTable ? box.dataset.asChart : box.dataset.asTable) ?? "";
    if (!asTable) draw();
  };
  button.addEventListener("click", () => show(!box.classList.contains("as-table")));
  drawn.set(box, () => box.classList.contains("as-table") || draw());
  box.classList.add("drawn");
  show(false);
}

document.querySelectorAll<HTMLElement>("[data-chart]").forEach(start);
const redraw = (): void => drawn.forEach((draw) => draw());
let resizing = 0;
window.addEventListener("resize", () => {
  window.clearTimeout(resizing);
  resizing = window.setTimeout(redraw, 150);
});
// What is folded away has no width to draw on.
document.addEventListener(
  "toggle",
  ({ target }) => drawn.forEach((draw, box) => target instanceof Node && target.contains(box) && draw()),
  true,
);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
