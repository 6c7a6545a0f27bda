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
    { path: "/ledger", component: () => import("@/pages/LedgerPage.vue") },
    { path: "/add", component: () => import("@/pages/AddPage.vue") },
    { path: "/sellers", component: () => import("@/pages/SellersPage.vue") },
    { path: "/clusters", component: () => import("@/pages/ClustersPage.vue") },
    { path: "/silences", component: () => import("@/pages/SilencesPage.vue") },
    { path: "/marks", component: () => import("@/pages/MarksPage.vue") },
    { path: "/rules", component: () => import("@/pages/RulesPage.vue") },
    { path: "/campaigns", component: () => import("@/pages/CampaignsPage.vue") },
    { path: "/sources", component: () => import("@/pages/SourcesPage.vue") },
    { path: "/channels", component: () => import("@/pages/ChannelsPage.vue") },
    { path: "/papers", component: () => import("@/pages/PapersPage.vue") },
    { path: "/figures", component: () => import("@/pages/FiguresPage.vue") },
    { path: "/reports", component: () => import("@/pages/ReportsPage.vue") },
    { path: "/users", component: () => import("@/pages/UsersPage.vue") },
    { path: "/profile", component: () => import("@/pages/ProfilePage.vue") },
    { path: "/:rest(.*)", redirect: "/today" },
  ],
});

router.beforeEach(async (to) => {
  if (to.name === "login") return true;
  if (!account.value && !(await resume())) return { name: "login", query: { to: to.fullPath } };
  if (account.value?.must_change) return { name: "login", query: { to: to.fullPath } };
  return true;
});
