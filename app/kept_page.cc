#include "app/kept_page.h"

#include "base/digest.h"
#include "base/url.h"
#include "evidence/mime_coding.h"
#include "evidence/warc_digest.h"
#include "triage/record_json.h"

namespace cluehound::app {
namespace {

constexpr char kSource[] = "scan";
constexpr size_t kMaxBody = 32u << 20;  // what the control socket takes

triage::Response Kept(store::Store& store, const Pipeline& pipeline,
                      const triage::Request& request) {
  const std::string body = evidence::DecodeBase64(request.Get("body"), kMaxBody);
  InputPage input;
  input.name = request.Get("name");
  input.page.url = request.Get("url");
  input.page.asked_url = request.Get("asked_url");
  input.page.content_type = request.Get("content_type");
  input.page.content_encoding = request.Get("content_encoding");
  input.page.use_profiles = request.Get("profiles") != "no";
  input.page.coded_body = body;
  const Instant now = SystemClock().Now();
  Reading reading = pipeline.Read(input.page, now);
  const std::string url = AddressOf(input, reading.page);
  const bool read = reading.page.outcome == Outcome::kOk;
  if (Status s = KeepPage(store, pipeline, input, std::move(reading), now); !s.ok()) {
    return triage::Failed(std::move(s));
  }
  triage::Response response;
  if (!read) return response;
  const auto state = store.FindPage(url);
  if (!state.ok()) return triage::Failed(state.status());
  if (!*state) return response;
  for (const store::LeadId& id : (*state)->leads) {
    const auto lead = store.FindLead(id, {});
    if (lead.ok()) response.lines.push_back(triage::LeadJson(*lead));
  }
  return response;
}

}  // namespace

std::string AddressOf(const InputPage& input, const extractors::PageReading& page) {
  for (const std::string& candidate : {input.page.url, page.canonical_url}) {
    if (candidate.empty()) continue;
    if (const auto url = Url::Parse(candidate); url.ok()) return url->Canonical().href();
  }
  return "file:" + input.name;
}

Status KeepPage(store::Store& store, const Pipeline& pipeline, const InputPage& input,
                Reading reading, Instant now) {
  if (reading.page.outcome != Outcome::kOk) return Status::Ok();
  store::PageCommit commit;
  commit.lease.address.url = AddressOf(input, reading.page);
  commit.lease.address.source = kSource;
  if (const auto url = Url::Parse(commit.lease.address.url); url.ok())
    commit.lease.address.authority = url->authority();
  commit.change = store::PageChange::kRead;
  commit.seen = now;
  commit.state.body_digest = Sha256(input.page.coded_body);
  commit.state.extractor_revision = kSource;  // a fetch of the same address reads it anew
  commit.state.rule_set = pipeline.rules().hash();
  for (size_t i = 0; i < reading.evaluations.size(); ++i) {
    for (rules::Suspicion& suspicion : reading.evaluations[i].suspicions) {
      commit.leads.push_back(pipeline.Draft(reading.page.listings, i, std::move(suspicion)));
    }
  }
  commit.listings = std::move(reading.page.listings);
  Status status;
  std::vector<store::PageCommit> batch;
  batch.push_back(std::move(commit));
  store.CommitPages(std::move(batch), [&status](const std::vector<store::CommitReceipt>& receipts) {
    status = receipts.at(0).status;
  });
  store.Flush();
  return status.Within(input.name);
}

triage::Request KeepRequest(const InputPage& input) {
  triage::Request request;
  request.operation = "scan.page";
  request.arguments = {{"name", input.name},
                       {"url", input.page.url},
                       {"asked_url", input.page.asked_url},
                       {"content_type", input.page.content_type},
                       {"content_encoding", input.page.content_encoding},
                       {"profiles", input.page.use_profiles ? "yes" : "no"},
                       {"body", evidence::Base64(input.page.coded_body)}};
  return request;
}

void AnswerScans(HeldStore& held, std::function<std::shared_ptr<const Pipeline>()> pipeline) {
  held.AddAnswer([&store = held.store(), pipeline = std::move(pipeline)](
                     const triage::Request& request) -> std::optional<triage::Response> {
    if (request.operation != "scan.page") return std::nullopt;
    return Kept(store, *pipeline(), request);
  });
}

}  // namespace cluehound::app
