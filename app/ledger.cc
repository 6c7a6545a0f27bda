#include "app/ledger.h"

#include <chrono>
#include <iterator>
#include <thread>

#include "store/open.h"
#include "triage/control_socket.h"

namespace cluehound::app {

Ledger::~Ledger() = default;

Result<std::unique_ptr<Ledger>> Ledger::Open(const std::filesystem::path& store,
                                             triage::Office office) {
  std::unique_ptr<Ledger> ledger(new Ledger(store));
  triage::Request probe;
  probe.operation = "store.stats";
  for (int attempt = 0;; ++attempt) {
    const auto served = triage::CallControlSocket(store, probe);
    if (served.ok()) return ledger;
    if (served.status().code() != Code::kNotFound) return served.status();
    store::StoreOptions options;
    options.path = store;
    std::error_code error;
    if (!std::filesystem::exists(store, error))
      return Status::NotFound("no store at " + store.string());
    auto opened = store::OpenRocksDbStore(options);
    if (opened.ok()) {
      ledger->store_ = std::move(opened).value();
      ledger->operations_ =
          std::make_unique<triage::Operations>(*ledger->store_, SystemClock(), std::move(office));
      return ledger;
    }
    // Locked, but without a socket: its holder is starting, stopping, or a short command like this one.
    if (opened.status().code() != Code::kUnavailable || attempt == 50) return opened.status();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

triage::Response Ledger::Call(triage::Request request) {
  if (operations_ != nullptr) {
    request.actor.user = triage::CurrentUser();
    return operations_->Call(request);
  }
  auto response = triage::CallControlSocket(path_, request);
  return response.ok() ? std::move(response).value() : triage::Response{response.status(), {}, ""};
}

triage::Response Ledger::CallAll(triage::Request request, size_t max) {
  triage::Response all;
  do {
    request.arguments["limit"] = std::to_string(std::min<size_t>(max - all.lines.size(), 1000));
    triage::Response page = Call(request);
    if (!page.status.ok()) return page;
    std::move(page.lines.begin(), page.lines.end(), std::back_inserter(all.lines));
    all.next = page.next;
    request.arguments["after"] = page.next;
  } while (!all.next.empty() && all.lines.size() < max);
  return all;
}

}  // namespace cluehound::app
