import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { copyText } from "./hand-over";

/** Copies text and says whether it worked. */
export function CopyButton(props: { readonly text: string; readonly label?: string }) {
  const [state, setState] = useState<"ready" | "copied" | "refused">("ready");
  const copy = async () => {
    setState((await copyText(props.text)) ? "copied" : "refused");
    setTimeout(() => setState("ready"), 2500);
  };
  return (
    <Button
      fw={500}
      size="compact-sm"
      variant="default"
      miw={104}
      leftSection={
        state === "copied" ? (
          <IconCheck size={14} aria-hidden="true" />
        ) : (
          <IconCopy size={14} aria-hidden="true" />
        )
      }
      onClick={() => void copy()}
    >
      <span aria-live="polite">
        {state === "ready" ? (props.label ?? "Copy") : state === "copied" ? "Copied" : "Refused: select it"}
      </span>
    </Button>
  );
}
