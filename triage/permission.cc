#include "triage/permission.h"

#include <algorithm>

namespace cluehound::triage {
namespace {

using store::Role;

constexpr unsigned kAdmin = Permission::Bit(Role::kAdmin);
constexpr unsigned kOfficer = Permission::Bit(Role::kOfficer) | kAdmin;
constexpr unsigned kAnalyst = Permission::Bit(Role::kAnalyst) | kAdmin;
constexpr unsigned kEither = kOfficer | kAnalyst;
constexpr unsigned kEverybody = kEither | Permission::Bit(Role::kViewer);

constexpr bool kCounties = true;
constexpr bool kCity = false;

}  // namespace

const std::vector<Permission>& Permissions() {
  static const std::vector<Permission> permissions = {
      // What the API does beside operations; own.*: with the own account.
      {"own.session", kEverybody, kCounties},
      {"own.office", kEverybody, kCounties},
      {"own.bulk", kOfficer, kCounties},  // and the permission of the action
      {"tools.rules", kEverybody, kCounties},
      {"tools.explain", kEverybody, kCounties},
      {"tools.check", kAnalyst, kCity},
      {"tools.jobs", kAnalyst, kCity},
      // Operations.
      {"leads.list", kEverybody, kCounties},
      {"leads.rows", kEverybody, kCounties},
      {"leads.count", kEverybody, kCounties},
      {"leads.show", kEverybody, kCounties},
      {"leads.rule", kEverybody, kCounties},
      {"leads.decide", kOfficer, kCounties},
      {"leads.register", kOfficer, kCounties},
      {"leads.undo", kOfficer, kCounties},
      {"leads.extend", kOfficer, kCounties},
      {"leads.merge", kOfficer, kCounties},
      {"leads.unmerge", kOfficer, kCounties},
      {"leads.sign", kOfficer, kCounties},
      {"leads.feedback", kOfficer, kCounties},
      {"leads.return", kOfficer, kCounties},
      {"leads.place", kOfficer, kCity},
      {"leads.assign", kOfficer, kCity},
      {"leads.urge", kOfficer, kCity},
      {"leads.supervise", kOfficer, kCity},
      {"leads.tag", kOfficer, kCity},
      {"leads.export", kOfficer, kCounties},
      {"leads.captures", kEverybody, kCounties},
      {"counties.stats", kEverybody, kCounties},
      {"changes.since", kEverybody, kCounties},
      {"silences.list", kEverybody, kCounties},
      {"silences.add", kEither, kCity},
      {"silences.end", kEither, kCity},
      {"sellers.list", kEverybody, kCounties},
      {"sellers.show", kEverybody, kCounties},
      {"sellers.watches", kEverybody, kCity},
      {"sellers.proposals", kEither, kCity},
      {"sellers.watch", kOfficer, kCity},
      {"sellers.unwatch", kOfficer, kCity},
      {"sellers.import", kOfficer, kCity},
      {"sellers.accept", kOfficer, kCity},
      {"sellers.reject", kOfficer, kCity},
      {"sellers.repeat", kOfficer, kCity},
      {"clusters.list", kEverybody, kCounties},
      {"clusters.show", kEverybody, kCounties},
      {"clusters.undo", kOfficer, kCity},
      {"papers.put", kOfficer, kCounties},
      {"papers.change", kOfficer, kCounties},
      {"papers.list", kEverybody, kCounties},
      {"papers.show", kEverybody, kCounties},
      {"papers.file", kEverybody, kCounties},
      {"papers.form", kEverybody, kCounties},
      {"letters.draft", kOfficer, kCounties},
      {"cases.stats", kEverybody, kCounties},
      {"gi.coverage", kEverybody, kCounties},
      {"gi.scan", kOfficer, kCity},
      {"gi.sample", kOfficer, kCounties},
      {"reports.data", kEverybody, kCounties},
      {"figures.days", kEverybody, kCounties},
      {"rules.history", kEverybody, kCounties},
      {"rules.set", kEither, kCounties},
      {"rules.stats", kEverybody, kCity},
      {"rules.propose", kAnalyst, kCity},
      {"rules.proposals", kEither, kCity},
      {"rules.review", kAnalyst, kCity},
      {"rules.withdraw", kAnalyst, kCity},
      {"rules.rollback", kAnalyst, kCity},
      {"sources.list", kEverybody, kCity},
      {"sources.add", kAnalyst, kCity},
      {"sources.preview", kAnalyst, kCity},
      {"crawl.plan", kAnalyst, kCity},
      {"sources.request", kAnalyst, kCity},
      {"sources.run", kAnalyst, kCity},
      {"sources.pause", kAnalyst, kCity},
      {"sources.resume", kAnalyst, kCity},
      {"sources.drain", kAnalyst, kCity},
      {"sources.standings", kEverybody, kCity},
      {"campaigns.list", kEverybody, kCounties},
      {"campaigns.next", kEverybody, kCounties},
      {"campaigns.check", kAnalyst, kCity},
      {"campaigns.copy", kAnalyst, kCity},
      {"campaigns.preview", kAnalyst, kCity},
      {"campaigns.add", kAnalyst, kCity},
      {"campaigns.start", kAnalyst, kCity},
      {"campaigns.end", kAnalyst, kCity},
      {"campaigns.starts", kEverybody, kCity},
      {"campaigns.reads", kAnalyst, kCity},
      {"campaigns.compare", kEverybody, kCity},
      {"store.stats", kEverybody, kCity},
      {"holds.list", kOfficer, kCity},
      {"holds.add", kOfficer, kCity},
      {"holds.end", kOfficer, kCity},
  };
  return permissions;
}

Permission PermissionOf(std::string_view operation) {
  const auto& all = Permissions();
  const auto found = std::find_if(all.begin(), all.end(), [operation](const Permission& each) {
    return each.operation == operation;
  });
  return found != all.end() ? *found : Permission{operation, kAdmin, kCity};
}

Status CheckPermission(std::string_view operation, Role role, std::string_view county) {
  const Permission permission = PermissionOf(operation);
  if (!permission.Allows(role)) {
    return Status::Denied(std::string(operation) + " is not for the role " +
                          std::string(store::Name(role)));
  }
  if (!county.empty() && !permission.counties)
    return Status::Denied(std::string(operation) + " is for the city");
  return Status::Ok();
}

}  // namespace cluehound::triage
