#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "base/text.h"
#include "triage/operations.h"
#include "triage/paper_json.h"
#include "triage/paper_operations.h"
#include "triage/sign_use.h"

// The register of lawful users of the GI exclusive sign: looked for online, counted, sampled.
namespace cluehound::triage {
namespace {

using store::Paper;
using store::PaperKind;
using Json = nlohmann::ordered_json;

constexpr size_t kScanPages = 500;  // in one call; a caller goes on with `next`

bool ValidOn(const Paper& user, Instant day) {
  const auto from = ParseDay(user.Get("from"));
  const auto until = ParseDay(user.Get("until"));
  return (!from || *from <= day) && (!until || day <= *until);
}

// What a scan found of one user.
struct Seen {
  SignClaim claim = SignClaim::kUnknown;
  std::string page;
};

int ClaimRank(std::string_view online) {
  return online == "claimed" ? 3 : online == "seen" ? 2 : online == "unknown" ? 1 : 0;
}

// Of one sign.
struct Coverage {
  uint64_t users = 0;
  uint64_t using_it = 0;  // checked, or the sign is claimed online
  uint64_t checked = 0;
  uint64_t checked_yes = 0;
  uint64_t improper = 0;
  uint64_t online = 0;  // listings of the user were seen
  uint64_t claimed = 0;
  uint64_t unknown = 0;  // listings without text
  uint64_t not_seen = 0;
};

void Count(const Paper& user, Coverage& coverage) {
  ++coverage.users;
  const std::string_view uses = user.Get("uses");
  const std::string_view online = user.Get("online");
  if (!uses.empty()) ++coverage.checked;
  if (uses == "yes") ++coverage.checked_yes;
  if (uses == "improper") ++coverage.improper;
  ++(online.empty() ? coverage.not_seen : coverage.online);
  if (online == "claimed") ++coverage.claimed;
  if (online == "unknown") ++coverage.unknown;
  // What officers found on the spot outweighs what a shop writes.
  if (uses == "yes" || (uses.empty() && online == "claimed")) ++coverage.using_it;
}

std::string Rate(uint64_t part, uint64_t whole) {
  if (whole == 0) return "";
  const uint64_t tenths = (part * 2000 + whole) / (whole * 2);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string CoverageJson(const std::string& gi, const Coverage& coverage, Instant day) {
  Json object;
  object["gi"] = gi;
  object["day"] = FormatDay(day);
  object["users"] = coverage.users;
  object["using"] = coverage.using_it;
  object["rate"] = Rate(coverage.using_it, coverage.users);
  object["checked"] = coverage.checked;
  object["checked_yes"] = coverage.checked_yes;
  object["improper"] = coverage.improper;
  object["online"] = coverage.online;
  object["online_claimed"] = coverage.claimed;
  object["online_unknown"] = coverage.unknown;
  object["not_seen"] = coverage.not_seen;
  object["online_rate"] = Rate(coverage.claimed, coverage.online - coverage.unknown);
  return object.dump();
}

}  // namespace

Result<std::vector<Paper>> PaperOperations::SignUsers(const Request& request, Instant day) {
  store::PaperFilter filter;
  filter.kind = PaperKind::kSignUser;
  if (const std::string gi = request.Get("gi"); !gi.empty()) filter.field = {"gi", gi};
  ASSIGN_OR_RETURN(auto users, AllPapers(filter, request.scope));
  std::erase_if(users, [day](const Paper& user) { return !ValidOn(user, day); });
  return users;
}

Response PaperOperations::ScanSigns(const Request& request) {
  const Instant now = clock_.Now();
  const auto users = SignUsers(request, OfficeDay(now));
  if (!users.ok()) return Failed(users.status());
  std::unordered_multimap<std::string, const Paper*> by_name;
  for (const Paper& user : *users) {
    for (const std::string& name : ShopNames(user)) by_name.emplace(name, &user);
  }
  const auto limit = ParseInt(request.Get("limit").empty() ? "500" : request.Get("limit"));
  if (!limit || *limit < 1)
    return Failed(Status::InvalidArgument("limit must be a number of pages from 1"));
  // No rule set is called so: all pages with listings.
  const auto pages = store_.PagesMatchedOtherwise(
      "-", request.Get("after"), std::min(static_cast<size_t>(*limit), kScanPages));
  if (!pages.ok()) return Failed(pages.status());
  std::map<uint64_t, Seen> seen;
  for (const auto& page : *pages) {
    for (const extractors::Listing& listing : page.listings) {
      const auto [begin, end] = by_name.equal_range(FoldName(listing.seller));
      for (auto at = begin; at != end; ++at) {
        if (!IsOfGoods(listing, at->second->Get("gi"))) continue;
        const SignClaim claim = ClaimOf(listing);
        const auto [place, is_new] = seen.try_emplace(at->second->number);
        if (!is_new && claim <= place->second.claim) continue;
        place->second = {claim, listing.url.empty() ? page.address.url : listing.url};
      }
    }
  }
  std::vector<store::PaperChange> changes;
  for (const Paper& user : *users) {
    const auto found = seen.find(user.number);
    if (found == seen.end()) continue;
    const std::string claim(Name(found->second.claim));
    if (ClaimRank(user.Get("online")) >= ClaimRank(claim)) continue;
    FormValues values = ValuesOf(user);
    values["online"] = claim;
    values["online_day"] = FormatDay(now);
    values["online_page"] = found->second.page;
    store::PaperChange change;
    change.paper = user;
    change.expected_revision = user.revision;
    change.reason = "gi.scan";
    std::vector<FormProblem> problems;
    Settle(values, office_, change.paper, problems);
    changes.push_back(std::move(change));
  }
  for (size_t i = 0; i < changes.size(); i += store::PaperLedger::kMaxChanges) {
    const auto end = std::min(changes.size(), i + store::PaperLedger::kMaxChanges);
    const std::vector<store::PaperChange> slice(changes.begin() + static_cast<ptrdiff_t>(i),
                                                changes.begin() + static_cast<ptrdiff_t>(end));
    const auto put = store_.papers().PutAll(slice, request.scope, request.actor, now);
    if (!put.ok()) return Failed(put.status());
  }
  Response response;
  response.lines.push_back(Json{{"pages", pages->size()}, {"users", changes.size()}}.dump());
  if (!pages->empty()) response.next = pages->back().address.url;
  return response;
}

Response PaperOperations::SignCoverage(const Request& request) {
  const auto day = DayArgument(request.Get("day"), clock_.Now(), "day");
  if (!day.ok()) return Failed(day.status());
  const auto users = SignUsers(request, *day);
  if (!users.ok()) return Failed(users.status());
  std::map<std::string, Coverage> by_sign;
  Coverage all;
  for (const Paper& user : *users) {
    Count(user, by_sign[std::string(user.Get("gi"))]);
    Count(user, all);
  }
  Response response;
  for (const auto& [gi, coverage] : by_sign)
    response.lines.push_back(CoverageJson(gi, coverage, *day));
  response.lines.push_back(CoverageJson("all", all, *day));
  return response;
}

Response PaperOperations::SignSample(const Request& request) {
  const std::string seed = request.Get("seed");
  if (request.Get("gi").empty() || seed.empty())
    return Failed(Status::InvalidArgument("a sample needs its gi and its seed"));
  const auto size = ParseInt(request.Get("size").empty() ? "10" : request.Get("size"));
  if (!size || *size < 1 || *size > 1000)
    return Failed(Status::InvalidArgument("size must be a number from 1 to 1000"));
  const auto day = DayArgument(request.Get("day"), clock_.Now(), "day");
  if (!day.ok()) return Failed(day.status());
  auto users = SignUsers(request, *day);
  if (!users.ok()) return Failed(users.status());
  if (users->empty())
    return Failed(Status::NotFound("no lawful user of " + request.Get("gi") + " is registered on " +
                                   FormatDay(*day)));
  Response response;
  for (const Paper& user : Shuffled(*std::move(users), seed)) {
    if (response.lines.size() == static_cast<size_t>(*size)) break;
    response.lines.push_back(PaperJson(user, clock_.Now()));
  }
  return response;
}

}  // namespace cluehound::triage
