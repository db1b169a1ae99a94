import { createTheme } from "@mantine/core";

export const theme = createTheme({
  fontFamily: "Inter, ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace",
  primaryColor: "blue",
  defaultRadius: "sm",
  fontSizes: { xs: "0.72rem", sm: "0.8rem", md: "0.875rem", lg: "1rem", xl: "1.15rem" },
  cursorType: "pointer",
  respectReducedMotion: true,
});
