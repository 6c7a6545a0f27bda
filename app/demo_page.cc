#include "app/demo_page.h"

#include <iostream>

#include "app/signals.h"
#include "app/triage_role.h"
#include "triage/sign_in.h"

namespace cluehound::app {
Status ServeDemoPage(store::Store& store, const Config& config, const CommonOptions& options,
                     const Pipeline& pipeline, uint16_t port) {
  const Signals end({SIGINT, SIGTERM});
  const auto office = std::make_shared<const triage::Office>(triage::Office::BuiltIn());
  triage::Operations operations(store, SystemClock(), *office);
  ASSIGN_OR_RETURN(const auto password,
                   triage::MakeFirstAdmin(store, {"demo", ""}, SystemClock().Now()));
  TriageSettings settings;
  settings.captures_listen = "127.0.0.1";
  ASSIGN_OR_RETURN(
      const auto role,
      TriageRole::Start(
          PartsOf(
              config, options, store,
              [&operations](const triage::Request& request) { return operations.Call(request); },
              [office] { return office; },
              [&pipeline] {  // it outlives the page
                return std::shared_ptr<const Pipeline>(std::shared_ptr<void>(), &pipeline);
              }),
          settings));
  ASSIGN_OR_RETURN(auto server, TriageRole::ServerOptions(settings));
  server.body_cap = [&role](const triage::HttpRequest& head) { return role->BodyCap(head); };
  ASSIGN_OR_RETURN(const auto listener, triage::HttpServer::Start(
                                            "127.0.0.1", port,
                                            [&role](const triage::HttpRequest& request) {
                                              return role->Handle(request);
                                            },
                                            std::move(server)));
  std::cout << "线索页面：http://127.0.0.1:" << listener->port() << "/\n";
  if (password) std::cout << "用户名 admin，一次性密码（只显示这一次）：" << *password << '\n';
  std::cout << "按 Ctrl-C 结束。" << std::endl;
  while (end.Wait(std::chrono::hours(1)) == 0) {
  }
  return Status::Ok();
}

}  // namespace cluehound::app
