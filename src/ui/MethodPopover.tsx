import { Popover } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type ComponentProps, memo } from "react";
import { MethodPicker } from "./MethodPicker";
import classes from "./MethodPopover.module.css";
import { choiceWords, methodLabel } from "./merge-words";

/** The merge method in one word; its choice and parameters open on click. */
export const MethodPopover = memo(function MethodPopover(
  props: ComponentProps<typeof MethodPicker> & { readonly prefix?: string },
) {
  const { prefix, ...picker } = props;
  const words = choiceWords(props.choice);
  return (
    <Popover position="bottom-end" shadow="md" width={330} withinPortal trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={classes.button}
          aria-haspopup="dialog"
          title={`Merge method: ${words}`}
        >
          <span className={classes.text}>
            {prefix}
            <strong>{methodLabel(props.choice)}</strong>
            {words.slice(methodLabel(props.choice).length)}
          </span>
          <IconChevronDown size={13} aria-hidden="true" />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label="Merge method and its parameters">
        <MethodPicker {...picker} />
      </Popover.Dropdown>
    </Popover>
  );
});
