import { ref, type Ref } from "vue";
import { get } from "@/api/client";

const names = ref<string[]>([]);
let asked = false;

/** The counties and zones of the city, as its jurisdictions.yaml names them. */
export function useCounties(): Ref<string[]> {
  if (!asked) {
    asked = true;
    get<{ items: { county: string }[] }>("/counties")
      .then((answer) => (names.value = answer.items.map((c) => c.county)))
      .catch(() => (asked = false));
  }
  return names;
}
