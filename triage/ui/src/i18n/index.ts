// The page's words. Chinese is the original; English has the same keys, which the compiler checks.
import { computed, ref } from "vue";
import { en } from "./en";
import { zh } from "./zh";

type Tree = { [key: string]: string | Tree };
/** The same keys, any texts. */
export type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> };

export type Language = "zh" | "en";
const stored = localStorage.getItem("language");
export const language = ref<Language>(stored === "en" ? "en" : "zh");

export function setLanguage(value: Language): void {
  language.value = value;
  localStorage.setItem("language", value);
  document.documentElement.lang = value === "zh" ? "zh-CN" : "en";
}

export const words = computed<Words<typeof zh>>(() => (language.value === "zh" ? zh : en));

/** Puts values into `{places}` of a text. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The word for a code, or the code itself when nobody has named it yet. */
export function named(group: Tree | Record<string, string>, code: string | undefined): string {
  if (!code) return "";
  const found = (group as Record<string, unknown>)[code];
  return typeof found === "string" ? found : code;
}
