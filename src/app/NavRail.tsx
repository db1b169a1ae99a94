import { useView } from "../state/view-store";
import classes from "./NavRail.module.css";
import { PAGE_LIST } from "./pages";

/** The pages: a rail at the left, a bar at the foot of a narrow window. */
export function NavRail() {
  const page = useView((s) => s.page);
  const go = useView((s) => s.go);
  return (
    <nav className={classes.rail} aria-label="Pages">
      {PAGE_LIST.map(({ id, label, question, Icon, preload }, i) => (
        <a
          key={id}
          href={`#/${id}`}
          className={classes.item}
          data-tour={`page-${id}`}
          aria-current={page === id ? "page" : undefined}
          title={`${question} (${i + 1})`}
          onPointerEnter={preload}
          onFocus={preload}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            go(id);
          }}
        >
          <Icon size={20} stroke={1.6} aria-hidden />
          <span>{label}</span>
        </a>
      ))}
    </nav>
  );
}
