// Who is logged in, and what this account may do.
import { computed, ref } from "vue";
import { get, post, remove, setToken } from "@/api/client";

export interface Account {
  user: string;
  display?: string;
  role: "viewer" | "officer" | "analyst" | "admin";
  county?: string; // absent: the city
  must_change_password?: boolean;
  totp?: boolean;
  preferences?: Preferences;
}
export interface Preferences {
  filters?: { name: string; query: string }[];
}
interface SessionAnswer {
  account: Account;
  csrf: string;
  office?: string;
}

export const account = ref<Account | null>(null);
export const office = ref("");
export const mayDecide = computed(() => !!account.value && account.value.role !== "viewer");
export const isAnalyst = computed(() => account.value?.role === "analyst" || account.value?.role === "admin");
export const isAdmin = computed(() => account.value?.role === "admin");
export const isCity = computed(() => !account.value?.county);

function take(answer: SessionAnswer): void {
  setToken(answer.csrf);
  account.value = answer.account;
  office.value = answer.office ?? "";
}
export async function resume(): Promise<boolean> {
  try {
    take(await get<SessionAnswer>("/session"));
    return true;
  } catch {
    account.value = null;
    return false;
  }
}
export async function enter(user: string, password: string, code: string): Promise<void> {
  take(await post<SessionAnswer>("/session", { user, password, code: code || undefined }));
}
export async function leave(): Promise<void> {
  await remove("/session");
  account.value = null;
}
