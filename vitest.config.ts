import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.{ts,tsx}", "workers/**/*.test.ts", "zoo/**/*.test.ts", "scripts/**/*.test.ts"],
    testTimeout: 60_000,
  },
});
