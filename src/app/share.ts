import { choiceObstacle } from "../core/merge/choose-method";
import { LINEAR } from "../core/merge/merge-choice";
import { type LinkState, linkHash, linkMethod, readLinkHash } from "../core/recipe/share-link";
import { useMixture } from "../state/mixture-store";
import { PAGES, useView } from "../state/view-store";
import { type LoadedSet, notice, useWorkbench } from "../state/workbench-store";

/** The address that reopens this page, mixture and view; null before a set is open. */
export function shareAddress(): string | null {
  const { set } = useWorkbench.getState();
  if (set.phase !== "ready") return null;
  const { page, view, target, axes } = useView.getState();
  const { alpha, method } = useMixture.getState();
  if (set.set.hash === null) return null;
  const state: LinkState = {
    version: 1,
    set: set.set.hash,
    alpha: [...alpha],
    page,
    view,
    target,
    axes: [...axes],
    ...linkMethod(method),
  };
  return location.href.replace(/#.*$/, "") + linkHash(state);
}

function apply(link: LinkState, set: LoadedSet): void {
  const k = set.spec.components.length;
  if (link.set !== set.hash || link.alpha.length !== k) {
    notice({
      kind: "bad-recipe",
      message: `The link was made for other component models than "${set.spec.name}", so its mixture means nothing here.`,
      remedy: "The page opened as usual; open the set that the link belongs to.",
    });
    return;
  }
  const known = [
    "macro",
    ...set.layout.domains.map((d) => `domain:${d.id}`),
    ...set.layout.tasks.map((t) => `task:${t.spec.id}`),
  ];
  const corners = new Set(link.axes);
  const obstacle = link.method ? choiceObstacle(link.method, k) : null;
  if (obstacle)
    notice({
      kind: "bad-recipe",
      message: `The link's merge method cannot be used here: ${obstacle}.`,
      remedy: "The mixture is merged linearly.",
    });
  const page = PAGES.find((p) => p === link.page);
  useMixture.getState().reset(k, link.alpha, obstacle ? LINEAR : (link.method ?? LINEAR));
  useView.setState({
    ...(page && { page }),
    ...(link.view && { view: link.view }),
    ...(link.target && known.includes(link.target) && { target: link.target }),
    ...(link.axes && corners.size === 3 && link.axes.every((a) => a < k) && { axes: link.axes }),
  });
}

/** The set that the address's shared state is for; null where there is none. */
export function linkedSet(): string | null {
  const link = readLinkHash(location.hash);
  return link.ok ? (link.value?.set ?? null) : null;
}

/** Applies a shared state in the address once the set is open; says so when it is broken or foreign. */
export function connectShareLinks(): () => void {
  let pending: LinkState | null = null;
  const tryApply = () => {
    const { set } = useWorkbench.getState();
    if (!pending || set.phase !== "ready") return;
    const link = pending;
    pending = null;
    apply(link, set.set);
  };
  const read = () => {
    const link = readLinkHash(location.hash);
    if (link.ok && !link.value) return;
    if (!link.ok) {
      history.replaceState(null, "", `#/${useView.getState().page}`);
      notice(link.problem);
    } else {
      pending = link.value;
      tryApply();
    }
  };
  read();
  const off = useWorkbench.subscribe((now, before) => {
    if (now.set !== before.set) tryApply();
  });
  addEventListener("hashchange", read);
  return () => {
    off();
    removeEventListener("hashchange", read);
  };
}

/** Puts the link on the clipboard; where the browser refuses it stands in the address bar, and a notice says so. */
export async function copyShareLink(): Promise<boolean> {
  const address = shareAddress();
  if (!address) {
    notice({
      kind: "bad-set",
      message: "A link names the set by its weights, and these were not read yet.",
      remedy: "Let the health check on the Set page finish, then share.",
    });
    return false;
  }
  try {
    await navigator.clipboard.writeText(address);
    return true;
  } catch {
    history.replaceState(null, "", address);
    notice({
      kind: "backend",
      message: "The browser did not let the link be copied.",
      remedy: "It now stands in the address bar: copy it from there.",
    });
    return false;
  }
}
