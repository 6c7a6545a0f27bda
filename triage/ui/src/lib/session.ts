// Who is logged in, what this account may do, and the office it belongs to.
import { computed, ref } from "vue";
import { get, post, setToken } from "@/api/client";

export interface Preferences {
  filters?: { name: string; query: string }[];
}
export interface Account {
  user: string;
  display?: string;
  role: "viewer" | "officer" | "analyst" | "admin";
  role_name: string;
  county?: string; // absent: the city
  must_change?: boolean;
  totp?: boolean;
  csrf: string;
  may: string[]; // operations
  preferences: Preferences;
}
export interface Office {
  name: string;
  today: string;
  counties: { county: string; zone?: boolean }[];
  behaviours: { behaviour: string; name: string }[];
  roles: { role: string; name: string }[];
  letters?: string[]; // names of the office's templates
  captures: boolean;
}

export const account = ref<Account | null>(null);
export const office = ref<Office | null>(null);
export const counties = computed(() => office.value?.counties.map((c) => c.county) ?? []);
export const may = (operation: string) => !!account.value?.may.includes(operation);
export const mayDecide = computed(() => may("leads.decide"));
export const isCity = computed(() => !account.value?.county);

async function take(answer: Account): Promise<void> {
  setToken(answer.csrf);
  account.value = answer;
  if (!answer.must_change) office.value = await get<Office>("/office");
}
export async function resume(): Promise<boolean> {
  try {
    await take(await get<Account>("/me"));
    return true;
  } catch {
    account.value = null;
    return false;
  }
}
export async function enter(user: string, password: string, code: string): Promise<void> {
  await take(await post<Account>("/login", { user, password, code: code || undefined }));
}
export async function leave(): Promise<void> {
  await post("/logout");
  account.value = null;
}
export async function remember(preferences: Preferences): Promise<void> {
  await post("/me/preferences", { preferences });
  if (account.value) account.value = { ...account.value, preferences };
}
