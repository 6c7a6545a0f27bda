import { createApp } from "vue";
import App from "./App.vue";
import { whenLoginIsNeeded } from "./api/client";
import { useElement } from "./element";
import { language, setLanguage } from "./i18n";
import { complain } from "./lib/problem";
import { account } from "./lib/session";
import { router } from "./router";
import "./style.css";

setLanguage(language.value);
const app = createApp(App);
useElement(app);
app.use(router);
app.config.errorHandler = (error) => complain(error);
whenLoginIsNeeded(() => {
  account.value = null;
  const here = router.currentRoute.value;
  if (here.name !== "login") void router.push({ name: "login", query: { to: here.fullPath } });
});
app.mount("#app");
