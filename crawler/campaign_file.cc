#include "crawler/campaign_file.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "base/work_calendar.h"
#include "base/yaml.h"

namespace cluehound::crawler {
namespace {

// Byte offset of a place, whose column counts characters.
size_t OffsetOf(std::string_view text, const Location& where) {
  size_t at = 0;
  for (int line = 1; line < where.line; ++line) at = text.find('\n', at) + 1;
  for (int column = 1; column < where.column && at < text.size(); ++column) DecodeUtf8(text, at);
  return at;
}

size_t LineStart(std::string_view text, size_t at) {
  const size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

size_t Indent(std::string_view text, size_t line_start) {
  const size_t first = text.find_first_not_of(' ', line_start);
  return (first == std::string_view::npos ? text.size() : first) - line_start;
}

// Behind the item of a block sequence in whose first line `at` stands: behind its last line that is
// neither blank nor a comment.
size_t EndOfItem(std::string_view text, size_t at) {
  const size_t start = LineStart(text, at);
  const size_t dash = Indent(text, start);
  size_t end = std::min(text.find('\n', start), text.size());
  for (size_t line = end + 1; line < text.size();) {
    const size_t line_end = std::min(text.find('\n', line), text.size());
    const size_t first = line + Indent(text, line);
    const bool blank = first >= line_end || text[first] == '#' || text[first] == '\r';
    if (!blank && first - line <= dash) break;
    if (!blank) end = line_end;
    line = line_end + 1;
  }
  return end;
}

// Behind the bracket that closes the one at `at`.
size_t EndOfFlow(std::string_view text, size_t at) {
  int depth = 0;
  char quote = '\0';
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return at + 1;
    }
  }
  return text.size();
}

// Whether the node at `at` is an item of a block sequence, "- ...".
bool IsBlockItem(std::string_view text, size_t at) {
  const size_t start = LineStart(text, at);
  const size_t first = start + Indent(text, start);
  return first < text.size() && text[first] == '-' && text.find_first_not_of(" -", first) == at;
}

// The same days of another year; the 29th of February becomes the 28th.
DaySpan MovedTo(const DaySpan& span, int year) {
  const auto move = [](Instant day, int years) {
    const std::string text = FormatDay(day);
    char moved[8];
    std::snprintf(moved, sizeof moved, "%04d", OfficeYear(day) + years);
    const std::string rest = text.substr(4);
    const auto found = ParseDay(moved + rest);
    return found ? *found : *ParseDay(std::string(moved) + "-02-28");
  };
  const int years = year - OfficeYear(span.first);
  return {move(span.first, years), move(span.last, years)};
}

struct Replacement {
  size_t begin = 0, end = 0;
  std::string with;
};

// Places of one node's text; a quoted one with its quotes.
Replacement ReplaceScalar(std::string_view text, const YamlNode& node, std::string with) {
  const size_t begin = OffsetOf(text, node.where);
  return {begin, begin + node.scalar.size() + (node.quoted ? 2 : 0), std::move(with)};
}

std::string Replaced(std::string_view text, size_t begin, size_t end,
                     std::vector<Replacement> replacements) {
  std::sort(replacements.begin(), replacements.end(),
            [](const auto& a, const auto& b) { return a.begin < b.begin; });
  std::string out;
  for (const Replacement& replacement : replacements) {
    out += text.substr(begin, replacement.begin - begin);
    out += replacement.with;
    begin = replacement.end;
  }
  return out.append(text.substr(begin, end - begin));
}

const YamlNode* FindEntry(const YamlNode& root, std::string_view id) {
  const YamlNode* campaigns = root.Find("campaigns");
  if (campaigns == nullptr) return nullptr;
  for (const YamlNode& node : campaigns->items) {
    const YamlNode* of = node.Find("id");
    if (of != nullptr && of->scalar == id) return &node;
  }
  return nullptr;
}

// `text` with one item more behind the one at `at`.
std::string WithItem(std::string_view text, size_t at, const std::string& item) {
  std::string out(text);
  if (!IsBlockItem(text, at)) return out.insert(EndOfFlow(text, at), ", " + item);
  const size_t indent = Indent(text, LineStart(text, at));
  return out.insert(EndOfItem(text, at), "\n" + std::string(indent, ' ') + "- " + item);
}

Result<std::string> WithDate(std::string_view text, const YamlNode& entry, const DaySpan& dates,
                             const std::string& basis) {
  const YamlNode* open = entry.Find("open");
  const std::string item =
      "{on: " + FormatDaySpan(dates) + ", basis: " + basis + ", certainty: unverified}";
  if (!open->items.empty()) return WithItem(text, OffsetOf(text, open->items.back().where), item);
  const size_t at = OffsetOf(text, open->where);
  if (at < text.size() && text[at] == '[')
    return std::string(text).replace(at, EndOfFlow(text, at) - at, "[" + item + "]");
  return Status::InvalidArgument(
      "\"open\" holds nothing; write open: [{on: " + FormatDaySpan(dates) + "}]");
}

Result<std::string> WithCopy(std::string_view text, const YamlNode& entry, const std::string& id,
                             const DaySpan& dates) {
  const size_t at = OffsetOf(text, entry.where);
  const bool block = IsBlockItem(text, at);
  const size_t begin = block ? LineStart(text, at) : at;
  const size_t end = block ? EndOfItem(text, at) : EndOfFlow(text, at);
  std::vector<Replacement> replacements = {ReplaceScalar(text, *entry.Find("id"), id)};
  if (const YamlNode* fixed = entry.Find("fixed")) {
    replacements.push_back(ReplaceScalar(text, *fixed, FormatDaySpan(dates)));
  } else {
    for (const auto& [key, value] : entry.members) {
      if (key.scalar != "template") continue;
      replacements.push_back({OffsetOf(text, key.where), ReplaceScalar(text, value, "").end,
                              "fixed: " + FormatDaySpan(dates)});
    }
  }
  if (const YamlNode* certainty = entry.Find("certainty"))
    replacements.push_back(ReplaceScalar(text, *certainty, "unverified"));
  const std::string copy = Replaced(text, begin, end, std::move(replacements));
  return std::string(text).insert(end, (block ? "\n\n" : ", ") + copy);
}

// `campaigns`: what the file holds under this key; null: it has no such key.
Result<std::string> WithCampaign(std::string_view text, const std::string& file,
                                 const YamlNode* campaigns, const NewCampaign& campaign) {
  std::string out(text);
  if (campaigns == nullptr) {
    if (!out.empty() && !out.ends_with('\n')) out += '\n';
    return out + "campaigns:\n  - " + BlockItem(campaign, 2) + "\n";
  }
  if (!campaigns->items.empty()) {
    const size_t at = OffsetOf(text, campaigns->items.back().where);
    if (!IsBlockItem(text, at)) return out.insert(EndOfFlow(text, at), ", " + FlowItem(campaign));
    const size_t indent = Indent(text, LineStart(text, at));
    return out.insert(EndOfItem(text, at),
                      "\n\n" + std::string(indent, ' ') + "- " + BlockItem(campaign, indent));
  }
  const size_t at = OffsetOf(text, campaigns->where);
  if (campaigns->is_sequence() && at < text.size() && text[at] == '[')
    return out.replace(at, EndOfFlow(text, at) - at, "[" + FlowItem(campaign) + "]");
  return Status::InvalidArgument(file + ": \"campaigns\" holds nothing; write campaigns: []");
}

}  // namespace

Result<CampaignEdit> AddCampaign(std::string_view text, const std::string& file,
                                 const NewCampaign& campaign) {
  Diagnostics diagnostics;
  const Campaigns before = Campaigns::Parse(text, file, diagnostics);
  const auto root = ParseYaml(text, file, diagnostics);
  RETURN_IF_ERROR(diagnostics.ToStatus());
  const YamlNode* campaigns = root && root->is_map() ? root->Find("campaigns") : nullptr;
  CampaignEdit edit{"", campaign.id, {}};
  ASSIGN_OR_RETURN(edit.text, WithCampaign(text, file, campaigns, campaign));
  Diagnostics after;
  const Campaigns changed = Campaigns::Parse(edit.text, file, after);
  RETURN_IF_ERROR(after.ToStatus());
  const auto made = changed.Find(campaign.id);
  if (!made.ok() || changed.all().size() != before.all().size() + 1 ||
      (*made)->name != TrimAscii(campaign.name))
    return Status::InvalidArgument(
        file + " is written in a way that nothing can be added to; do it by hand");
  if (!(*made)->occasion.dates.empty()) edit.dates = (*made)->occasion.dates.front().span;
  return edit;
}

Result<CampaignEdit> CopyCampaign(std::string_view text, const std::string& file,
                                  const std::string& id, int year,
                                  const std::optional<DaySpan>& dates) {
  Diagnostics diagnostics;
  const Campaigns campaigns = Campaigns::Parse(text, file, diagnostics);
  RETURN_IF_ERROR(diagnostics.ToStatus());
  ASSIGN_OR_RETURN(const Campaign* campaign, campaigns.Find(id));
  const Occasion& occasion = campaign->occasion;
  if (occasion.kind == Occasion::Kind::kYearly || occasion.kind == Occasion::Kind::kLunar) {
    return Status::InvalidArgument("campaign " + id +
                                   " runs every year by itself: there is nothing to copy");
  }
  if (const auto known = occasion.In(year))
    return Status::InvalidArgument("campaign " + id + " has its date in " + std::to_string(year) +
                                   ": " + FormatDaySpan(*known));
  const DaySpan* last = nullptr;
  for (const Occasion::Date& date : occasion.dates) {
    if (OfficeYear(date.span.first) < year) last = &date.span;
  }
  if (!dates && last == nullptr) {
    return Status::InvalidArgument("campaign " + id + " has no date before " +
                                   std::to_string(year) +
                                   " to copy; name the days with --dates 2027-09-01..2027-09-04");
  }
  CampaignEdit edit{"", id, dates ? *dates : MovedTo(*last, year)};
  if (OfficeYear(edit.dates.first) != year)
    return Status::InvalidArgument(FormatDaySpan(edit.dates) + " is not in " +
                                   std::to_string(year));
  const auto root = ParseYaml(text, file, diagnostics);
  const YamlNode* entry = root ? FindEntry(*root, id) : nullptr;
  if (entry == nullptr) return Status::NotFound("no campaign \"" + id + "\" in " + file);
  if (occasion.kind == Occasion::Kind::kOpen) {
    ASSIGN_OR_RETURN(edit.text, WithDate(text, *entry, edit.dates,
                                         dates ? "录入时未注明来源" : "按上一届日期推定，待核对"));
  } else {
    edit.id = id + "-" + std::to_string(year);
    ASSIGN_OR_RETURN(edit.text, WithCopy(text, *entry, edit.id, edit.dates));
  }
  Diagnostics after;
  const Campaigns changed = Campaigns::Parse(edit.text, file, after);
  RETURN_IF_ERROR(after.ToStatus());
  const auto made = changed.Find(edit.id);
  if (!made.ok() || (*made)->occasion.In(year) != edit.dates)
    return Status::InvalidArgument(file + ": the entry of " + id +
                                   " is written in a way that cannot be copied; do it by hand");
  return edit;
}

}  // namespace cluehound::crawler
