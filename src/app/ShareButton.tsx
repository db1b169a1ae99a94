import { IconCheck, IconLink } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { announce } from "./announcer";
import classes from "./Header.module.css";
import { copyShareLink } from "./share";

export function ShareButton() {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2200);
    return () => clearTimeout(timer);
  }, [copied]);
  const share = async () => {
    const done = await copyShareLink();
    setCopied(done);
    if (done) announce("Link copied: it reopens this page, mixture and view.");
  };
  return (
    <button
      type="button"
      className={classes.button}
      aria-label={copied ? "Link copied" : "Share: copy a link"}
      title="Copy a link that reopens this page, mixture and view"
      onClick={() => void share()}
    >
      {copied ? <IconCheck size={16} aria-hidden /> : <IconLink size={16} aria-hidden />}
      <span className={copied ? undefined : classes.wordy}>{copied ? "Link copied" : "Share"}</span>
    </button>
  );
}
