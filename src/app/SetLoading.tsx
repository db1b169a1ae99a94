import classes from "./PageFrame.module.css";

export function SetLoading() {
  return (
    <p className={classes.opening} role="status">
      Opening the component set …
    </p>
  );
}
