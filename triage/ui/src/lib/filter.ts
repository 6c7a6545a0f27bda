// The filter of a list, kept in the address so that it can be shared and saved.
import { computed } from "vue";
import { useRoute, useRouter, type LocationQuery } from "vue-router";

export const filterNames = [
  "status",
  "category",
  "mark",
  "county",
  "platform",
  "source",
  "seller",
  "rule",
  "campaign",
  "tag",
  "cluster",
  "officer",
  "dispatch",
  "notice",
  "due",
  "day",
  "score",
  "text",
  "sort",
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filter = Partial<Record<FilterName, string>>;

export function filterOf(query: LocationQuery): Filter {
  const filter: Filter = {};
  for (const name of filterNames) {
    const value = query[name];
    if (typeof value === "string" && value) filter[name] = value;
  }
  return filter;
}

export function useFilter() {
  const route = useRoute();
  const router = useRouter();
  const filter = computed(() => filterOf(route.query));
  const set = (name: FilterName, value: string | undefined) => {
    const query = { ...route.query };
    if (value) query[name] = value;
    else delete query[name];
    void router.replace({ query });
  };
  const clear = () => void router.replace({ query: {} });
  const apply = (query: string) => void router.replace({ query: Object.fromEntries(new URLSearchParams(query)) });
  const asText = computed(() => new URLSearchParams(filter.value as Record<string, string>).toString());
  return { filter, set, clear, apply, asText };
}
