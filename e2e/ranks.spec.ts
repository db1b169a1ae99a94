import { expect, type Page, test } from "@playwright/test";
import { uniform } from "../src/core/mixture/mixture";
import { topQuarterSize } from "../src/core/rank/agreement";
import { averageRanks } from "../src/core/rank/average-rank";
import type { ConsistencyRow } from "../src/core/rank/consistency";
import { correlation } from "../src/ui/format";
import { correlationInterval, ratio, ratioInterval } from "../src/ui/interval-text";
import { layout, readRuns, spec } from "./demo-files";
import { figuresOf, readReported } from "./reference-figures";
import { openWorkbench } from "./workbench";

const section = (page: Page, name: string) => page.getByRole("region", { name });

/** A figure with its interval as the table writes it. */
const shown = (row: ConsistencyRow, figure: "rho" | "top25" | "recovery"): string => {
  const estimate = row[figure];
  if (figure === "recovery") return ratio(estimate.value) + ratioInterval(estimate);
  if (Number.isNaN(estimate.value)) return "undefined";
  return correlation(estimate.value) + correlationInterval(estimate);
};

test.beforeEach(async ({ page }) => {
  await openWorkbench(page, { page: "ranks" });
});

for (const view of ["continuous", "accuracy"] as const) {
  test(`ρ, top-25 % ρ and recovery are those of the committed files, ${view} scores`, async ({ page }) => {
    const { references, merged, fractions, trained } = readReported();
    expect(references.length).toBeGreaterThanOrEqual(12);
    expect(fractions.length).toBeGreaterThanOrEqual(3);
    await page
      .getByRole("group", { name: "Scores", exact: true })
      .first()
      .getByText(view === "continuous" ? "Continuous" : "Accuracy")
      .click();
    const approaches = [
      figuresOf(merged, references, view),
      ...fractions.map((f) =>
        figuresOf(
          trained(f).map((r) => r.scores),
          references,
          view,
        ),
      ),
    ];
    const groups = section(page, "Consistency figures").locator("tbody");
    for (const [g, figure] of (["rho", "top25", "recovery"] as const).entries()) {
      const n = figure === "top25" ? topQuarterSize(references.length) : references.length;
      await expect(groups.nth(g).getByRole("rowheader").first()).toContainText(`n ${n}`);
      for (const [a, { rows }] of approaches.entries()) {
        const cells = groups
          .nth(g)
          .getByRole("row")
          .nth(a + 1)
          .getByRole("cell");
        // Intervals follow the values after a bootstrap.
        for (const [c, row] of rows.entries())
          await expect(cells.nth(c)).toHaveText(shown(row, figure), { timeout: 60_000 });
      }
    }
  });
}

test("the page answers in words, with scatter plots of every domain and a chart with a text", async ({
  page,
}) => {
  const { references, merged, fractions, trained } = readReported();
  const [macro] = figuresOf(merged, references, "continuous").rows;
  await expect(page.getByTestId("page")).toContainText(
    `On ${references.length} mixtures, merged proxies reach a macro ρ of ${correlation(macro!.rho.value)}`,
  );
  const scatter = section(page, "Merged proxies against references");
  for (const domain of layout.domains) await expect(scatter).toContainText(domain.label);
  const chart = section(page, "Merged against trained at equal budget").getByRole("img", {
    name: /against tokens/,
  });
  await expect(chart).toHaveAttribute("aria-label", /tokens: /, { timeout: 60_000 });
  const text = (await chart.getAttribute("aria-label"))!;
  expect(text).toContain(`n ${references.length}`);
  expect(text).toContain(`: ${correlation(macro!.rho.value)}`);
  for (const fraction of fractions) {
    const [row] = figuresOf(
      trained(fraction).map((r) => r.scores),
      references,
      "continuous",
    ).rows;
    expect(text).toContain(`tokens: ${correlation(row!.rho.value)}`);
  }
});

test("the average rank of equal shares among the references is right", async ({ page }) => {
  const { references } = readReported();
  const design = readRuns(spec.design!);
  const equal = uniform(spec.components.length).join(" ");
  const at = design.header.rows.findIndex(
    ({ subject }) => subject.kind === "mixture" && subject.alpha.join(" ") === equal,
  );
  const [rank] = averageRanks(
    layout,
    references.map((r) => r.scores),
    [design.scores[at]!],
    "continuous",
    { bootstrap: 0, seed: 0 },
  );
  const table = section(page, "Average rank").getByRole("table").first();
  // The sliders stand at equal shares: they are listed once, as made by hand.
  const row = table.getByRole("row", { name: /Made by hand|Equal shares/ }).first();
  await expect(row.getByRole("cell").first()).toContainText(rank!.average.value.toFixed(1), {
    timeout: 60_000,
  });
  for (const [d, domain] of layout.domains.entries())
    await expect(row.getByRole("cell").nth(d + 1)).toHaveText(
      rank!.perDomain[`domain:${domain.id}`]!.toFixed(1),
    );
});
