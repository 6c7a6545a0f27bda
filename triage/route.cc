#include "triage/route.h"

#include <algorithm>

#include "base/text.h"

namespace cluehound::triage {
namespace {

using Shape = Route::Shape;

#define LEAD_FILTERS                                                                       \
  "day category mark source rule status notice due row county dispatch silenced platform " \
  "seller cluster officer campaign tag place score:number text"
#define LEAD_LIST LEAD_FILTERS " sort after limit:number"
#define NEW_CAMPAIGN "dates:lines lead_in tail prepare factors:json weights:json basis certainty"
#define STATUS_AND_WHY "status* reason* note to case until of"

RouteParameter ParseParameter(std::string_view text) {
  RouteParameter parameter;
  std::string_view type;
  if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
    type = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  parameter.required = text.ends_with('*') || type.ends_with('*');
  if (text.ends_with('*')) text.remove_suffix(1);
  if (type.ends_with('*')) type.remove_suffix(1);
  parameter.name = text;
  using Type = RouteParameter::Type;
  parameter.type = type == "number"   ? Type::kNumber
                   : type == "flag"   ? Type::kFlag
                   : type == "list"   ? Type::kList
                   : type == "lines"  ? Type::kLines
                   : type == "json"   ? Type::kJson
                   : type == "secret" ? Type::kSecret
                                      : Type::kText;
  return parameter;
}

// "{lead}" -> "lead"; empty when it is no brace.
std::string_view BraceName(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}'
             ? segment.substr(1, segment.size() - 2)
             : std::string_view();
}

bool Matches(std::string_view pattern, const std::vector<std::string_view>& segments,
             std::map<std::string, std::string>& values) {
  const auto parts = SplitAscii(pattern, "/");
  if (parts.size() != segments.size()) return false;
  std::map<std::string, std::string> found;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (const std::string_view name = BraceName(parts[i]); !name.empty()) {
      found[std::string(name)] = segments[i];
    } else if (parts[i] != segments[i]) {
      return false;
    }
  }
  values = std::move(found);
  return true;
}

}  // namespace

const std::vector<Route>& Routes() {
  static const std::vector<Route> routes = {
      // Who is there.
      {"POST", "/login", "public", "user* password:secret* code:secret", Shape::kOne, "Me",
       "Signs in: sets the cookie, gives the account and the token that every change must carry"},
      {"GET", "/openapi.json", "public", "", Shape::kFile, "", "This document"},
      {"POST", "/logout", "own.session", "", Shape::kNothing, "", "Signs out"},
      {"GET", "/me", "own.session", "", Shape::kOne, "Me",
       "The account that is signed in, what it may do, and the token for changes"},
      {"POST", "/me/password", "own.session", "present:secret* password:secret*", Shape::kNothing,
       "", "Changes the own password and ends the other sessions"},
      {"POST", "/me/totp", "own.session", "", Shape::kOne, "TotpProposal",
       "Proposes a secret for an authenticator app"},
      {"POST", "/me/totp/confirm", "own.session", "code:secret*", Shape::kOne, "RecoveryCodes",
       "From now on a code is asked for; the recovery codes are shown this once"},
      {"POST", "/me/totp/remove", "own.session", "password:secret*", Shape::kNothing, "",
       "No code is asked for any more"},
      {"GET", "/me/sessions", "own.session", "", Shape::kList, "Session", "The own sessions"},
      {"POST", "/me/sessions/{session}/end", "own.session", "", Shape::kNothing, "",
       "Ends one of the own sessions"},
      {"POST", "/me/preferences", "own.session", "preferences:json*", Shape::kNothing, "",
       "Keeps what the page wants to remember: saved filters, columns, language"},

      // Leads.
      {"GET", "/leads", "leads.list", LEAD_LIST, Shape::kList, "Lead", "Leads, strongest first"},
      {"GET", "/rows", "leads.rows", LEAD_LIST, Shape::kList, "Row",
       "今日线索: rows seller x mark, each with its strongest lead"},
      {"GET", "/leads/count", "leads.count", LEAD_FILTERS, Shape::kOne, "Count",
       "How many leads, exact to 1,000"},
      {"GET", "/leads/{lead}", "leads.show", "", Shape::kLead, "Lead",
       "One lead with its sightings and its history"},
      {"GET", "/leads/{lead}/rule", "leads.rule", "", Shape::kOne, "LeadRule",
       "The text of the rule that found it, as it was then"},
      {"GET", "/leads/{lead}/captures", "leads.captures", "", Shape::kList, "Capture",
       "采集记录: the captures behind it, newest first"},
      {"POST", "/leads/{lead}/captures/view", "leads.captures", "capture*", Shape::kOne,
       "CaptureView",
       "An address on the origin for captures, good for some minutes, for a sandboxed frame; noted "
       "in the log"},
      {"POST", "/leads/{lead}/decide", "leads.decide", STATUS_AND_WHY " revision:number",
       Shape::kOne, "Lead", "处置"},
      {"POST", "/leads/{lead}/register", "leads.register", "note revision:number", Shape::kOne,
       "Lead", "登记核查: under check, with a number and a clock"},
      {"POST", "/leads/{lead}/undo", "leads.undo", "note revision:number", Shape::kOne, "Lead",
       "Takes the last decision back"},
      {"POST", "/leads/{lead}/extend", "leads.extend", "approver* note revision:number",
       Shape::kOne, "Lead", "延期"},
      {"POST", "/leads/{lead}/place", "leads.place", "place county note revision:number",
       Shape::kOne, "Lead", "认定辖区"},
      {"POST", "/leads/{lead}/assign", "leads.assign", "county* note revision:number", Shape::kOne,
       "Lead", "分派"},
      {"POST", "/leads/{lead}/sign", "leads.sign", "note revision:number", Shape::kOne, "Lead",
       "签收"},
      {"POST", "/leads/{lead}/feedback", "leads.feedback", "note* revision:number", Shape::kOne,
       "Lead", "反馈"},
      {"POST", "/leads/{lead}/return", "leads.return", "note* revision:number", Shape::kOne, "Lead",
       "退回"},
      {"POST", "/leads/{lead}/merge", "leads.merge", "into* note revision:number", Shape::kOne,
       "Lead", "One item in two leads: from now on it is the other"},
      {"POST", "/leads/{lead}/unmerge", "leads.unmerge", "note revision:number", Shape::kOne,
       "Lead", "Takes that back"},
      {"POST", "/leads/{lead}/urge", "leads.urge", "note revision:number", Shape::kOne, "Lead",
       "催办"},
      {"POST", "/leads/{lead}/supervise", "leads.supervise", "note revision:number", Shape::kOne,
       "Lead", "督办"},
      {"POST", "/leads/{lead}/tag", "leads.tag", "add:lines remove:lines note revision:number",
       Shape::kOne, "Lead", "标签: at most 10 of at most 20 characters; they stand sorted"},
      {"POST", "/rows/decide", "leads.decide", "row* " STATUS_AND_WHY " revision:number",
       Shape::kList, "Lead", "One decision for every undecided lead of a row, all or none"},
      {"POST", "/rows/undo", "leads.undo", "row* note revision:number", Shape::kList, "Lead",
       "Takes the last decision on a row back"},
      {"POST", "/leads/bulk", "own.bulk", "leads:list* action* arguments:json", Shape::kList,
       "BulkResult",
       "One action (decide, register, undo, assign, place, sign, feedback, return, urge, "
       "supervise, tag) "
       "on at most 500 leads, each by itself; says of each why not"},
      {"POST", "/leads/export", "leads.export",
       "leads:list* format outside:flag to purpose document", Shape::kFile, "",
       "上报: a file for another office; entered in the ledger with its digest"},
      {"GET", "/counties", "counties.stats", "", Shape::kList, "CountyStats",
       "Of each county: received, waiting, signed, fed back, returned, overdue"},
      {"GET", "/changes", "changes.since", "since:number", Shape::kOne, "Changes",
       "Which leads were changed behind this entry of the log; to be polled"},

      // Exceptions.
      {"GET", "/silences", "silences.list", "", Shape::kList, "Silence", "屏蔽"},
      {"POST", "/silences", "silences.add",
       "seller phrase lead mark rule family reason* proof until", Shape::kOne, "Silence",
       "Silences a seller, phrase or listing for a mark, rule or family"},
      {"POST", "/silences/{number}/end", "silences.end", "", Shape::kOne, "Silence",
       "Ends a silence"},

      // Sellers and clusters.
      {"GET", "/sellers", "sellers.list",
       "text platform mark watched:flag official after limit:number", Shape::kList, "Seller",
       "经营者, highest 线索风险分 first"},
      {"GET", "/sellers/{seller}", "sellers.show", "", Shape::kOne, "Seller", "One seller"},
      {"POST", "/sellers/{seller}/repeat", "sellers.repeat", "document* date* note", Shape::kOne,
       "Seller", "Makes 再次发现 a 重复侵权"},
      {"POST", "/sellers/import", "sellers.import", "list* file* rows:json*", Shape::kOne,
       "Imported", "Entries of an official list"},
      {"GET", "/watches", "sellers.watches", "", Shape::kList, "Watch", "关注 of sellers"},
      {"POST", "/watches", "sellers.watch", "seller platform shop reason* until", Shape::kOne,
       "Watch", "Watches a seller"},
      {"POST", "/watches/{number}/end", "sellers.unwatch", "", Shape::kList, "Watch",
       "Ends a watch"},
      {"GET", "/seller-proposals", "sellers.proposals", "limit:number", Shape::kList,
       "SellerProposal", "正品/授权 decisions that propose an authorised seller"},
      {"POST", "/seller-proposals/accept", "sellers.accept", "proposal* note", Shape::kOne,
       "SellerProposal", "Accepts one"},
      {"POST", "/seller-proposals/reject", "sellers.reject", "proposal* note", Shape::kOne,
       "SellerProposal", "Rejects one"},
      {"GET", "/clusters", "clusters.list", "kind after limit:number", Shape::kList, "Cluster",
       "关联线索, most leads first"},
      {"GET", "/clusters/{cluster}", "clusters.show", "", Shape::kCluster, "Cluster",
       "One cluster with its leads"},
      {"POST", "/clusters/{cluster}/undo", "clusters.undo", "leads:list reason*", Shape::kOne,
       "Cluster", "Takes it apart, or these leads out of it"},

      // Papers: clues, letters, notices, cases, lawful users, hand-overs.
      {"GET", "/forms/{kind}", "papers.form", "", Shape::kOne, "Form", "The fields of a form"},
      {"GET", "/papers", "papers.list",
       "kind state county lead document due field value after limit:number", Shape::kList, "Paper",
       "Papers, newest first"},
      {"GET", "/papers/{kind}/{paper}", "papers.show", "", Shape::kPaper, "Paper",
       "One paper with its leads"},
      {"GET", "/papers/{kind}/{paper}/files/{digest}", "papers.file", "", Shape::kFile, "",
       "A file that came with it"},
      {"POST", "/papers/{kind}", "papers.put", "rows:json* mode", Shape::kList, "PaperReceipt",
       "Makes papers; rows as in triage/paper_operations.h, files as {\"name\",\"base64\"}"},
      {"POST", "/papers/{kind}/{paper}", "papers.change",
       "fields:json leads:list note revision:number", Shape::kOne, "Paper", "Changes one"},
      {"POST", "/clues", "papers.put", "what fields:json files:json", Shape::kOne, "PaperReceipt",
       "A clue by hand: an address or share text, a saved page, pictures, words"},
      {"POST", "/letters/draft", "letters.draft", "letter* leads:list* outside:flag texts:json",
       Shape::kFile, "",
       "移送函 and others: the office's template filled, as DOCX; GET /office lists the templates"},
      {"GET", "/cases/stats", "cases.stats", "from to", Shape::kList, "CaseStats",
       "Cases by conduct"},
      {"GET", "/gi/coverage", "gi.coverage", "gi day", Shape::kList, "GiCoverage",
       "Use rate over registered lawful users"},
      {"GET", "/gi/sample", "gi.sample", "gi* seed* size:number day", Shape::kList, "Paper",
       "抽查 list that the seed decides"},
      {"POST", "/gi/scan", "gi.scan", "gi after limit:number", Shape::kList, "GiScan",
       "Looks through stored listings for lawful users"},

      // Rules.
      {"GET", "/rules", "tools.rules", "set", Shape::kList, "Rule",
       "The rules in force (or of a stored set), with hits and precision"},
      {"GET", "/marks", "tools.rules", "text kind after limit:number", Shape::kList, "Mark",
       "The marks in force"},
      {"GET", "/rules/files", "rules.set", "set", Shape::kList, "RuleFile",
       "The files of the set in force, or of a stored one"},
      {"GET", "/rules/history", "rules.history", "limit:number", Shape::kList, "Publication",
       "The sets that were in force, newest first"},
      {"POST", "/rules/explain", "tools.explain", "text lead listing:json set files:json rule mark",
       Shape::kOne, "Explanation",
       "Why each rule fires on a text, a listing or a lead, or does not; by a draft or the set in "
       "force"},
      {"POST", "/rules/check", "tools.check", "files:json* set", Shape::kOne, "RuleCheck",
       "Compiles a draft with all its samples and gives every mistake with file, line and column"},
      {"GET", "/proposals", "rules.proposals", "", Shape::kList, "RuleProposal",
       "Rule sets that wait, or waited, for a second person"},
      {"POST", "/proposals", "rules.propose", "files:json* set note*", Shape::kOne, "RuleProposal",
       "Proposes a draft: files replace those of the base set (set, or the one in force)"},
      {"POST", "/proposals/{proposal}/review", "rules.review", "verdict* note", Shape::kOne,
       "RuleProposal", "approve puts it in force; not by its author"},
      {"POST", "/proposals/{proposal}/withdraw", "rules.withdraw", "", Shape::kOne, "RuleProposal",
       "Withdraws the own proposal"},
      {"POST", "/rules/rollback", "rules.rollback", "hash note*", Shape::kOne, "Publication",
       "An earlier set again"},
      {"GET", "/jobs", "tools.jobs", "", Shape::kList, "Job", "Background jobs, newest first"},
      {"POST", "/jobs", "tools.jobs", "kind* set files:json limit:number", Shape::kOne, "Job",
       "diff: what a draft gains and loses on the stored listings; backtest: how it does on the "
       "decided leads"},
      {"GET", "/jobs/{job}", "tools.jobs", "", Shape::kOne, "Job", "Progress and result"},
      {"POST", "/jobs/{job}/cancel", "tools.jobs", "", Shape::kOne, "Job", "Ends it"},

      // Sources.
      {"GET", "/sources", "sources.list", "", Shape::kList, "Source",
       "采集源 of the configuration: settings, mode, next visit, what came of it"},
      {"POST", "/sources", "sources.add",
       "address* id every pace hours depth:number max_pages:number", Shape::kOne, "NewSource",
       "Writes a source into the configuration, which is then read again"},
      {"POST", "/sources/preview", "sources.preview", "address*", Shape::kOne, "SourcePreview",
       "Fetches one page, by robots.txt and pace as ever, and says what is found there; kept "
       "nowhere"},
      {"GET", "/sources/plan", "crawl.plan", "sources", Shape::kList, "SourcePlan",
       "What would be fetched now and what not, and why: due, blocked, refused by robots.txt"},
      {"POST", "/sources/{source}/request", "sources.request", "action*", Shape::kOne,
       "RoleRequest", "Asks the crawler to run, pause, resume or drain a source"},
      {"GET", "/campaigns", "campaigns.list", "", Shape::kList, "Campaign",
       "专项行动 of the configuration"},
      {"GET", "/campaigns/next", "campaigns.next", "", Shape::kList, "AgendaEntry",
       "What runs or begins within a year, and reminders"},
      {"GET", "/campaigns/check", "campaigns.check", "", Shape::kList, "CampaignFinding",
       "What the campaigns of the coming year would stumble over, and how much they ask of "
       "sources"},
      {"POST", "/campaigns/copy", "campaigns.copy", "campaign* year:number* dates", Shape::kOne,
       "CampaignCopy",
       "Gives one its dates of another year in the configuration, which is then read again"},
      {"POST", "/campaigns/preview", "campaigns.preview", "campaign name kind " NEW_CAMPAIGN,
       Shape::kOne, "CampaignPreview",
       "What a new one would be: mistakes by field, and when it would run; changes nothing"},
      {"POST", "/campaigns", "campaigns.add", "campaign* name* kind* " NEW_CAMPAIGN, Shape::kOne,
       "CampaignPreview", "Writes a new one into the configuration, which is then read again"},
      {"GET", "/campaigns/starts", "campaigns.starts", "", Shape::kList, "CampaignStart",
       "专项行动 that people started"},
      {"POST", "/campaigns/start", "campaigns.start", "campaign* name days:number*", Shape::kOne,
       "CampaignStart", "Starts one now"},
      {"POST", "/campaigns/end", "campaigns.end", "campaign*", Shape::kOne, "CampaignStart",
       "Ends what was started"},
      {"GET", "/campaigns/compare", "campaigns.compare", "a* a_day b* b_day sources", Shape::kList,
       "CampaignLine", "Two runs: a header, totals, day by day"},

      // Figures and reports.
      {"GET", "/figures", "figures.days", "from to dimension event", Shape::kList, "Figure",
       "What is counted of each day"},
      {"GET", "/rules/stats", "rules.stats", "", Shape::kList, "RuleStats",
       "Of each rule hits, leads, decisions, precision"},
      {"GET", "/reports/{kind}", "reports.data", "from to", Shape::kReport, "ReportHeader",
       "The data of a report"},
      {"POST", "/reports/{kind}/file", "reports.data", "from to format*", Shape::kFile, "",
       "A report as html, xlsx, csv, docx or json; logged"},

      // Office and machine.
      {"GET", "/office", "own.office", "", Shape::kOne, "OfficeInfo",
       "What the page needs to know: statuses, reasons, counties, categories, terms"},
      {"GET", "/users", "users.list", "", Shape::kList, "User", "Accounts"},
      {"POST", "/users", "users.add", "user* role* county display email", Shape::kOne,
       "NewPassword", "Makes an account with a one-time password, shown this once"},
      {"POST", "/users/{user}", "users.change", "role county display email", Shape::kOne, "User",
       "Changes an account and ends its sessions"},
      {"POST", "/users/{user}/disable", "users.disable", "", Shape::kOne, "User", "Shuts it out"},
      {"POST", "/users/{user}/enable", "users.enable", "", Shape::kOne, "User", "Lets it in again"},
      {"POST", "/users/{user}/password", "users.password", "", Shape::kOne, "NewPassword",
       "A new one-time password"},
      {"POST", "/users/{user}/totp/remove", "users.totp_off", "", Shape::kOne, "User",
       "For who lost the phone and the recovery codes"},
      {"GET", "/sessions", "sessions.list", "user", Shape::kList, "Session", "All sessions"},
      {"POST", "/sessions/end", "sessions.end", "session user", Shape::kNothing, "",
       "Ends one session, or all of a user"},
      {"GET", "/channels", "channels.list", "", Shape::kList, "Channel", "Where notices go"},
      {"POST", "/channels", "channels.add",
       "kind* name* target:secret* secret:secret county digest_at alerts:list", Shape::kOne,
       "Channel", "A new channel; target and secret are never shown again"},
      {"POST", "/channels/{channel}", "channels.change",
       "name target:secret secret:secret county digest_at alerts:list", Shape::kOne, "Channel",
       "Changes what is given"},
      {"POST", "/channels/{channel}/enable", "channels.enable", "", Shape::kOne, "Channel",
       "Sends there again"},
      {"POST", "/channels/{channel}/disable", "channels.disable", "", Shape::kOne, "Channel",
       "Sends nothing there"},
      {"POST", "/channels/{channel}/remove", "channels.remove", "", Shape::kOne, "Channel",
       "Takes it away"},
      {"POST", "/channels/{channel}/test", "channels.test", "", Shape::kNothing, "",
       "Sends a test notice now"},
      {"GET", "/audit", "audit.list", "after limit:number", Shape::kList, "AuditEntry",
       "The audit log from its beginning"},
      {"GET", "/holds", "holds.list", "", Shape::kList, "Hold", "Leads that nothing is erased of"},
      {"POST", "/holds", "holds.add", "lead* reason*", Shape::kNothing, "", "Holds a lead"},
      {"POST", "/holds/end", "holds.end", "lead* reason*", Shape::kNothing, "", "Ends a hold"},
      {"GET", "/store", "store.stats", "", Shape::kOne, "StoreStats", "Sizes of the store"},
  };
  return routes;
}

std::vector<RouteParameter> Route::Parameters() const {
  std::vector<RouteParameter> parsed;
  for (const std::string_view segment : SplitAscii(path, "/")) {
    if (const std::string_view name = BraceName(segment); !name.empty())
      parsed.push_back({std::string(name), RouteParameter::Type::kText, true});
  }
  for (const std::string_view text : SplitAscii(parameters, " "))
    parsed.push_back(ParseParameter(text));
  return parsed;
}

const Route* FindRoute(std::string_view method, std::string_view path,
                       std::map<std::string, std::string>& values, bool& other_method) {
  const auto segments = SplitAscii(path, "/");
  other_method = false;
  const Route* found = nullptr;
  for (const Route& route : Routes()) {
    std::map<std::string, std::string> these;
    if (!Matches(route.path, segments, these)) continue;
    if (route.method != method) {
      other_method = true;
      continue;
    }
    // A word wins over a brace.
    if (found != nullptr && these.size() >= values.size()) continue;
    found = &route;
    values = std::move(these);
  }
  return found;
}

std::string_view ParameterHelp(std::string_view name) {
  struct Help {
    std::string_view name, text;
  };
  static constexpr Help kHelp[] = {
      {"lead", "id, its first 6 digits or more, or number such as WF-2026-00123"},
      {"day", "office's day of the first sight, \"today\" or 2026-11-22"},
      {"category",
       "trademark, trademark_use, well_known_claim, trademark_printing, gi, special_mark, olympic, "
       "official_sign, patent_marking, agency, overseas"},
      {"mark", "id of a mark"},
      {"rule", "id of a rule"},
      {"status",
       "new, checking, filed, referred, platform, ruled_out, deferred, duplicate, closed"},
      {"reason", "coded reason; GET /office lists those that go with a status"},
      {"notice", "changed_after, seen_again, gone, on_sale, rule_changed, reworded"},
      {"due", "over, or a day: what ends by then"},
      {"row", "key of a row, as GET /rows gives it"},
      {"county", "name of a county; empty: the city"},
      {"dispatch", "assigned, signed, fed_back, sent_back"},
      {"silenced", "only or all; else silenced leads are left out"},
      {"score", "this score or more"},
      {"text", "words"},
      {"sort", "score (default) or last-seen"},
      {"tag", "a tag that they have"},
      {"add", "tags that they get"},
      {"remove", "tags that they lose"},
      {"after", "`next` of the answer before"},
      {"limit", "at most so many"},
      {"revision", "of the lead as it was seen; another one is a conflict (409)"},
      {"to", "police, county:NAME, department:NAME, higher:NAME; of a span: its last day"},
      {"from", "first day"},
      {"case", "number of the case"},
      {"until", "day"},
      {"of", "the lead that it repeats"},
      {"into", "the lead that it is one with"},
      {"place", "here, elsewhere or unknown; of a list here or elsewhere, unknown ones are here"},
      {"kind",
       "of a paper: clue, letter, notice, case, sign_user, handover; of a report: daily, "
       "measures, half-year, year, campaign, ledger, candidates; of a job: diff, backtest"},
      {"format", "csv, xlsx, json; of a report also html, docx"},
      {"outside", "for people outside the administration: masked"},
      {"files", "rules: [{\"name\",\"text\"}]; clues: [{\"name\",\"base64\"}]"},
      {"set", "hash of a stored rule set, its first 6 digits or more; default: the set in force"},
      {"fields", "fields of the form, by name; an empty text clears one"},
      {"rows", "list of objects"},
      {"role", "viewer, officer, analyst, admin"},
      {"since", "number of an entry of the log"},
      {"verdict", "approve or reject"},
      {"action", "what is to be done"},
      {"arguments", "those of the action, without lead and revision"},
      {"what", "address, share text or words"},
      {"capture", "as GET /leads/{lead}/captures names it"},
      {"address", "where it begins, with http:// or https://"},
      {"sources", "ids, parted by commas; none: all"},
      {"dates",
       "2027-09-01..2027-09-04; of a new campaign as its kind has them, several only of "
       "an open one"},
      {"lead_in", "days before"},
      {"tail", "days after"},
      {"prepare", "days before by which it is to be prepared"},
      {"factors", "{\"all\": 2, SOURCE: 5}: how many times more often they run"},
      {"weights", "{PACK: points}: what leads of these packs get more"},
      {"certainty", "verified or unverified (default)"},
      {"code", "of the authenticator app, or a recovery code"},
  };
  const auto found = std::find_if(std::begin(kHelp), std::end(kHelp),
                                  [name](const Help& help) { return help.name == name; });
  return found == std::end(kHelp) ? std::string_view() : found->text;
}

}  // namespace cluehound::triage
