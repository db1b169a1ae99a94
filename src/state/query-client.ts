import { QueryClient } from "@tanstack/react-query";

/** Files of a set are fetched once a page: a failed fetch is tried again, an answer never goes stale. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: 2, staleTime: Number.POSITIVE_INFINITY, gcTime: Number.POSITIVE_INFINITY },
  },
});
