import { Component, type ReactNode } from "react";
import classes from "./PageFrame.module.css";

interface Props {
  readonly name: string;
  readonly children: ReactNode;
}

/** Shows what went wrong on one page; the header, the journal and the other pages go on working. */
export class PageBoundary extends Component<Props, { readonly error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(thrown: unknown): { error: Error } {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <section className={classes.failed} role="alert">
        <h1>The {this.props.name} page stopped</h1>
        <p>{error.message}</p>
        <p>Your measurements and the mixture are safe, and the other pages go on working.</p>
        <div className={classes.actions}>
          <button type="button" onClick={() => this.setState({ error: null })}>
            Try again
          </button>
          <button type="button" onClick={() => location.reload()}>
            Reload the workbench
          </button>
        </div>
      </section>
    );
  }
}
