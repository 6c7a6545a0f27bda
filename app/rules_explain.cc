#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/corpus.h"
#include "app/exit_code.h"
#include "app/explain_text.h"
#include "app/rules_commands.h"
#include "app/terminal.h"
#include "base/log.h"
#include "base/text.h"
#include "triage/explanation_json.h"

namespace cluehound::app {
namespace {

struct ExplainOptions {
  CommonOptions common;
  std::string text;
  extractors::Listing listing;
  int64_t sold = -1;
  std::string kind = "goods";
  std::string day;
  rules::ExplainQuery query;
  bool all = false;
};

class Explaining {
 public:
  Explaining(const ExplainOptions& options, const rules::RuleSet& rules, Instant now)
      : options_(options), rules_(rules), now_(now) {}

  Status Show(const CorpusItem& item) {
    const auto explanation = rules_.Explain(item.listing, {now_, item.bare}, options_.query);
    if (!explanation.ok()) return Status::InvalidArgument(explanation.status().message());
    if (options_.common.json) {
      std::cout << triage::ExplanationJson(*explanation) << '\n';
      return Status::Ok();
    }
    if (shown_++ > 0) std::cout << '\n';
    const std::string& title = item.listing.title.empty() ? item.listing.text : item.listing.title;
    std::string head;
    AppendFlowed(head, "# " + Printable(title), 2, 0, TerminalColumns());
    std::cout << head
              << RenderExplanation(*explanation, {TerminalColumns(),
                                                  options_.all || !options_.query.rule.empty()});
    return Status::Ok();
  }

  Status ShowLines(std::istream& in) {
    size_t number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      if (line.ends_with('\r')) line.pop_back();
      if (TrimAscii(line).empty()) continue;
      ASSIGN_OR_RETURN(const CorpusItem item,
                       ParseCorpusLine(line, "line " + std::to_string(number)));
      RETURN_IF_ERROR(Show(item));
    }
    if (number == 0) return Status::InvalidArgument("nothing to explain: give a text, or --title");
    return Status::Ok();
  }

 private:
  const ExplainOptions& options_;
  const rules::RuleSet& rules_;
  Instant now_;
  size_t shown_ = 0;
};

// The listing of the options, or nothing when none was given.
Result<std::optional<CorpusItem>> FromOptions(const ExplainOptions& options) {
  CorpusItem item{"", options.listing, false};
  if (options.sold >= 0) item.listing.sold = options.sold;
  item.listing.kind = *extractors::ListingKindFromName(options.kind);
  if (item.listing == extractors::Listing()) return std::optional<CorpusItem>();
  if (!options.text.empty()) {
    if (!item.listing.title.empty() || options.text == "-")
      return Status::InvalidArgument("give the title once, as the text or as --title");
    item.listing.title = options.text;
  }
  for (const std::string* text : {&item.listing.title, &item.listing.text, &item.listing.seller}) {
    if (!IsValidUtf8(*text)) return Status::InvalidArgument("a text is not valid UTF-8");
  }
  return std::optional<CorpusItem>(std::move(item));
}

int RunExplain(const ExplainOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto item = FromOptions(options);
  if (!item.ok()) return Report(item.status());
  Instant now = SystemClock().Now();
  if (!options.day.empty()) {
    const auto day = ParseDay(options.day);
    if (!day)
      return Report(Status::InvalidArgument("--day \"" + options.day +
                                            "\" must be a day such as 2026-11-22"));
    now = *day;
  }
  const auto rules = LoadRules(*config, options.common);
  if (!rules.ok()) return Report(rules.status());
  Explaining explaining(options, **rules, now);
  Status status;
  if (*item) {
    status = explaining.Show(**item);
  } else if (!options.text.empty() && options.text != "-") {
    const auto parsed = ParseCorpusLine(options.text, "the text");
    status = parsed.ok() ? explaining.Show(*parsed) : parsed.status();
  } else {
    status = explaining.ShowLines(std::cin);
  }
  return Report(status);
}

}  // namespace

void AddRulesExplain(CLI::App& rules, Run& run) {
  CLI::App* command = rules.add_subcommand(
      "explain", "Why each rule fires on a text or listing, or does not: every part of it");
  auto options = std::make_shared<ExplainOptions>();
  command->add_option("text", options->text,
                      "A title, or a listing as one JSON object; \"-\" or nothing: lines of stdin");
  extractors::Listing& listing = options->listing;
  command->add_option("--title", listing.title, "Title of a listing");
  command->add_option("--text", listing.text, "Its further wording");
  command->add_option("--price", listing.price, "Its price in yuan");
  command->add_option("--sold", options->sold, "Units sold")->check(CLI::NonNegativeNumber);
  command->add_option("--seller", listing.seller, "Shop name");
  command->add_option("--seller-id", listing.seller_id, "The platform's number for the shop");
  command->add_option("--platform", listing.platform, "Platform");
  command->add_option("--location", listing.location, "Where it ships from");
  command->add_option("--origin", listing.origin, "Declared place of production");
  command->add_option("--kind", options->kind, "What the listing is")
      ->check(CLI::IsMember({"goods", "live", "shop", "agency"}))
      ->capture_default_str();
  command->add_option("--day", options->day, "Day of the conduct (default: today)");
  command->add_option("--rule", options->query.rule, "Only this rule");
  command->add_option("--mark", options->query.mark, "Only this mark, also when it is not found");
  command->add_flag("--all", options->all, "Every rule in full");
  AddConfigOption(*command, options->common);
  AddRulesOption(*command, options->common);
  AddJsonOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunExplain(*options); }; });
}

}  // namespace cluehound::app
