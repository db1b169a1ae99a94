import { Menu } from "@mantine/core";
import { IconHelp, IconKeyboard, IconRoute, IconSearch } from "@tabler/icons-react";
import { openDialog } from "../state/dialogs";
import classes from "./Header.module.css";
import { startTour } from "./tour/tour-store";

export function HelpMenu() {
  return (
    <Menu position="bottom-end" shadow="md" width={220} withinPortal>
      <Menu.Target>
        <button type="button" className={classes.button} aria-label="Help" title="Help">
          <IconHelp size={17} stroke={1.7} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconRoute size={16} />} onClick={startTour}>
          Take the tour
        </Menu.Item>
        <Menu.Item
          leftSection={<IconSearch size={16} />}
          rightSection={<kbd>/</kbd>}
          onClick={() => openDialog("commands")}
        >
          Search commands
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard size={16} />}
          rightSection={<kbd>?</kbd>}
          onClick={() => openDialog("keys")}
        >
          Keys
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
