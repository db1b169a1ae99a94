import { type Recipe, recipeAlpha } from "../../core/recipe/recipe";
import { linkHash, linkMethod } from "../../core/recipe/share-link";
import { useView } from "../../state/view-store";
import { CopyButton } from "./CopyButton";
import classes from "./Exports.module.css";

/** A link that reopens the mixture and the view. */
export function ShareLink({ recipe }: { readonly recipe: Recipe }) {
  const view = useView((s) => s.view);
  const target = useView((s) => s.target);
  const axes = useView((s) => s.axes);
  const hash = linkHash({
    version: 1,
    set: recipe.set.hash,
    alpha: [...recipeAlpha(recipe)],
    page: "recipe",
    view,
    target,
    axes: [...axes],
    ...linkMethod(recipe.method),
  });
  if (recipe.set.hash === "")
    return (
      <div className={classes.preview}>
        <p>A link names the set by its weights, and these were not read yet: let the health check finish.</p>
      </div>
    );
  const address = location.href.replace(/#.*$/, "") + hash;
  return (
    <div className={classes.preview}>
      <p>
        Opens this mixture, scores and page in any browser that reaches this address. Everything is in the
        link itself ({address.length.toLocaleString("en-US")} characters); name, note and measurements travel
        with the recipe file.
      </p>
      <div className={classes.buttons}>
        <CopyButton text={address} label="Copy link" />
      </div>
      <section aria-label="The link" className={classes.text} data-wrap="true">
        <pre>{address}</pre>
      </section>
    </div>
  );
}
