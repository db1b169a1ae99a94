import { Button } from "@mantine/core";
import { IconFolderOpen } from "@tabler/icons-react";
import { useRef } from "react";
import { sentence } from "../../core/result";
import { useLoadedSet } from "../../state/workbench-store";
import { openRecipe } from "./open-recipe";
import classes from "./RecipePage.module.css";
import { useRecipeDraft } from "./recipe-draft";

/** Opens a recipe or the YAML of a merge; says why one was refused, and what of it is not taken over. */
export function OpenBar() {
  const set = useLoadedSet();
  const input = useRef<HTMLInputElement>(null);
  const { problem, notes } = useRecipeDraft();
  return (
    <div className={classes.openBar}>
      <Button
        fw={500}
        size="compact-sm"
        variant="default"
        leftSection={<IconFolderOpen size={15} aria-hidden="true" />}
        onClick={() => input.current?.click()}
      >
        Open a recipe or mergekit YAML
      </Button>
      <span>or drop its file anywhere on this page</span>
      <input
        ref={input}
        type="file"
        accept=".json,.yaml,.yml,application/json,application/yaml"
        hidden
        aria-label="Recipe file"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) void openRecipe(file, set);
          event.target.value = "";
        }}
      />
      {notes.length > 0 && (
        <div className={classes.notes} role="status">
          {notes.map((text) => (
            <p key={text}>{text}</p>
          ))}
          <button type="button" onClick={() => useRecipeDraft.setState({ notes: [] })}>
            Dismiss
          </button>
        </div>
      )}
      {problem && (
        <p className={classes.refused} role="alert">
          {sentence(problem)}{" "}
          <button type="button" onClick={() => useRecipeDraft.setState({ problem: null })}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}
