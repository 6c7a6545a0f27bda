#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/store.h"
#include "triage/capture_view.h"
#include "triage/http_server.h"
#include "triage/listing_intake.h"
#include "triage/operations.h"
#include "triage/paper_form.h"
#include "triage/route.h"
#include "triage/rule_bench.h"
#include "triage/sign_in.h"

namespace cluehound::triage {

// The REST API under /api/v1, by the table of routes (route.h), over the operations. Nothing in it knows
// a role or a county: it says who asks, and Operations and permission.h decide.
//
// What every request meets, in this order: the route; for all but "public" ones a session (401); for
// changes the token of the session in X-CSRF-Token, an Origin that is ours if there is one, and a body
// that is JSON; an account whose password somebody else has given may only change it (403); the
// permission; the names of parameters. Errors are {"error":{"code","message"}}.
//
// Thread-safe; everything that it is given must outlive it.
class Api {
 public:
  // Turns a saved page (empty: only words) and the fields of a form into the argument `clue` of
  // papers.put; `said` gets what the page says.
  using ReadClue = std::function<Result<std::string>(const std::string& page,
                                                     const FormValues& fields, FormValues& said)>;
  // Reads a table of listings, with the fields of the form beside it.
  using ReadListings =
      std::function<Result<ListingIntake>(const std::string& table, const FormValues& fields)>;
  struct Parts {
    // Operations::Call, or who stands in front of it.
    std::function<Response(const Request&)> call;
    store::Store& store;
    const Clock& clock;
    std::function<std::shared_ptr<const Office>()> office;  // the one in force
    RuleBench& bench;
    CaptureView* captures = nullptr;  // absent: none can be shown
    ReadClue read_clue{};             // absent: clues are words
    // Sends a test notice to a channel; absent: none can be sent.
    std::function<Status(uint64_t channel)> test_channel{};
    std::string office_name{};
    ReadListings read_listings{};                             // absent: no tables are taken
    std::function<Result<std::string>()> listing_template{};  // XLSX
  };
  explicit Api(Parts parts) : parts_(std::move(parts)), sign_in_(parts_.store, parts_.clock) {}

  HttpResponse Handle(const HttpRequest& request);
  // For HttpServer: strangers may send some kilobytes, who is signed in what the route takes.
  size_t BodyCap(const HttpRequest& head);

 private:
  // One request on its way through.
  struct Call {
    const HttpRequest& http;
    const Route& route;
    const Visit* visit = nullptr;                  // null: a public route
    std::map<std::string, std::string> arguments;  // as an operation takes them

    std::string Get(const std::string& name) const {
      const auto found = arguments.find(name);
      return found == arguments.end() ? "" : found->second;
    }
  };
  using Handler = HttpResponse (Api::*)(const Call&);
  static const std::map<std::string_view, Handler>& Handlers();  // by "METHOD path"

  Status CheckChange(const HttpRequest& request, const Visit& visit) const;
  Status ReadArguments(Call& call) const;
  HttpResponse Dispatch(Call& call);
  Request ToOperation(const Call& call, std::string_view operation) const;
  Response Do(const Call& call, std::string_view operation,
              std::map<std::string, std::string> arguments);
  HttpResponse Answer(const Call& call, const Response& response) const;

  // The account. (api_account.cc)
  HttpResponse Login(const Call& call);
  HttpResponse Logout(const Call& call);
  HttpResponse Me(const Call& call);
  HttpResponse ChangePassword(const Call& call);
  HttpResponse ProposeTotp(const Call& call);
  HttpResponse ConfirmTotp(const Call& call);
  HttpResponse RemoveTotp(const Call& call);
  HttpResponse OwnSessions(const Call& call);
  HttpResponse EndOwnSession(const Call& call);
  HttpResponse SetPreferences(const Call& call);
  HttpResponse OfficeInfo(const Call& call);
  HttpResponse Document(const Call& call);
  HttpResponse TestChannel(const Call& call);

  // Leads, papers, files. (api_files.cc)
  HttpResponse Bulk(const Call& call);
  HttpResponse ExportLeads(const Call& call);
  HttpResponse ViewCapture(const Call& call);
  HttpResponse PaperFile(const Call& call);
  HttpResponse PutPapers(const Call& call);
  HttpResponse AddClue(const Call& call);
  HttpResponse AddListings(const Call& call);
  HttpResponse ListingTemplate(const Call& call);
  HttpResponse ReportFile(const Call& call);
  HttpResponse DraftLetter(const Call& call);

  // Rules. (api_rules.cc)
  HttpResponse ListRules(const Call& call);
  HttpResponse ListMarks(const Call& call);
  HttpResponse RuleFiles(const Call& call);
  HttpResponse Explain(const Call& call);
  HttpResponse CheckRules(const Call& call);
  HttpResponse ProposeRules(const Call& call);
  HttpResponse ListJobs(const Call& call);
  HttpResponse StartJob(const Call& call);
  HttpResponse ShowJob(const Call& call);
  HttpResponse CancelJob(const Call& call);

  Parts parts_;
  SignIn sign_in_;
};

// Answers in the API's form. (api.cc)
HttpResponse JsonAnswer(int status, std::string body);
HttpResponse ErrorAnswer(const Status& status);
HttpResponse ErrorAnswer(int status, std::string_view code, std::string_view message);
// {"items":[..],"next"?:..}
HttpResponse ListAnswer(const std::vector<std::string>& lines, const std::string& next = "");
// To be saved under this name.
HttpResponse FileAnswer(const std::string& name, const std::string& media_type, std::string bytes);
// The value of a cookie; empty when there is none.
std::string CookieOf(const HttpRequest& request, std::string_view name);
std::string_view SessionCookie(bool secure);

}  // namespace cluehound::triage
