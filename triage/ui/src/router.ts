import { createRouter, createWebHashHistory } from "vue-router";
import { account, resume } from "@/lib/session";

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/", redirect: "/today" },
    { path: "/login", name: "login", component: () => import("@/pages/LoginPage.vue") },
    { path: "/today", name: "today", component: () => import("@/pages/RowsPage.vue"), props: { place: "here" } },
    { path: "/elsewhere", name: "elsewhere", component: () => import("@/pages/RowsPage.vue"), props: { place: "elsewhere" } },
    { path: "/leads/:id", name: "lead", component: () => import("@/pages/LeadPage.vue"), props: true },
    { path: "/:rest(.*)", redirect: "/today" },
  ],
});

router.beforeEach(async (to) => {
  if (to.name === "login") return true;
  if (!account.value && !(await resume())) return { name: "login", query: { to: to.fullPath } };
  if (account.value?.must_change_password) return { name: "login", query: { to: to.fullPath } };
  return true;
});
