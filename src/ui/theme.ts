import { createTheme } from "@mantine/core";

export const theme = createTheme({
  fontFamily: "Inter, ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace",
  primaryColor: "blue",
  // White text on the filled shade has a contrast of at least 4.5.
  primaryShade: 8,
  defaultRadius: "sm",
  fontSizes: { xs: "0.72rem", sm: "0.8rem", md: "0.875rem", lg: "1rem", xl: "1.15rem" },
  cursorType: "pointer",
  respectReducedMotion: true,
});
