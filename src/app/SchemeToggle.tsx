import { type MantineColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconCircleHalf2, IconMoon, IconSun } from "@tabler/icons-react";
import { announce } from "./announcer";
import classes from "./Header.module.css";

const NEXT: Readonly<Record<MantineColorScheme, MantineColorScheme>> = {
  auto: "light",
  light: "dark",
  dark: "auto",
};
const WORDS: Readonly<Record<MantineColorScheme, string>> = {
  auto: "as the system",
  light: "light",
  dark: "dark",
};
const ICONS = { auto: IconCircleHalf2, light: IconSun, dark: IconMoon } as const;

export function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = ICONS[colorScheme];
  const next = NEXT[colorScheme];
  return (
    <button
      type="button"
      className={classes.button}
      aria-label={`Colours: ${WORDS[colorScheme]}; switch to ${WORDS[next]}`}
      title={`Colours: ${WORDS[colorScheme]}`}
      onClick={() => {
        setColorScheme(next);
        announce(`Colours: ${WORDS[next]}`);
      }}
    >
      <Icon size={17} stroke={1.7} aria-hidden />
    </button>
  );
}
