#include "triage/letter.h"

#include <algorithm>
#include <set>

#include "base/docx.h"
#include "base/join.h"
#include "base/text.h"
#include "triage/category.h"
#include "triage/privacy.h"

namespace cluehound::triage {
namespace {

using Texts = std::map<std::string, std::string>;

// "2026-11-28" -> "2026年11月28日"
std::string ChineseDay(Instant at) {
  const std::string day = FormatDay(at);
  return day.substr(0, 4) + "年" + day.substr(5, 2) + "月" + day.substr(8, 2) + "日";
}

std::string LegalOf(const store::Lead& lead) {
  return Join(lead.suspicion.legal_basis, "；",
              [](const rules::Citation& citation) { return citation.law + citation.article; });
}

std::string WordsOf(const store::Lead& lead) {
  std::set<std::string> words;
  for (const rules::Hit& hit : lead.suspicion.hits) words.insert(hit.text);
  for (const rules::Sign& sign : lead.suspicion.signs) {
    if (!sign.field.empty()) words.insert(sign.text);
  }
  return Join(words, "、");
}

Texts TextsOf(const store::Lead& lead, bool outside) {
  const extractors::Listing& listing = lead.listing;
  const rules::Suspicion& suspicion = lead.suspicion;
  Texts texts = {{"number", lead.number.empty() ? lead.id.substr(0, 12) : lead.number},
                 {"seller", outside ? MaskName(listing.seller) : listing.seller},
                 {"seller_id", listing.seller_id},
                 {"platform", listing.platform.empty() ? lead.name_space : listing.platform},
                 {"title", listing.title},
                 {"price", listing.price},
                 {"sold", listing.sold ? std::to_string(*listing.sold) : ""},
                 {"url", listing.url.empty() ? lead.page_url : listing.url},
                 {"category", CategoryChinese(suspicion.category)},
                 {"mark", suspicion.mark_name.empty() ? suspicion.mark : suspicion.mark_name},
                 {"legal", LegalOf(lead)},
                 {"words", WordsOf(lead)},
                 {"first_seen", FormatDay(lead.first_seen)},
                 {"last_seen", FormatDay(lead.last_seen)},
                 {"captured", lead.capture.present() ? FormatTime(lead.last_seen) : ""},
                 {"sha256", lead.capture.present() ? Hex(lead.capture.sha256) : ""},
                 {"county", lead.county}};
  if (outside) {
    for (const char* name : {"title", "words"}) texts[name] = MaskNumbers(texts[name]);
  }
  return texts;
}

const LetterTemplate* Find(const Office& office, const std::string& name) {
  const auto found =
      std::find_if(office.letters.begin(), office.letters.end(),
                   [&](const LetterTemplate& letter) { return letter.name == name; });
  return found == office.letters.end() ? nullptr : &*found;
}

}  // namespace

Result<std::string> MakeLetter(const Office& office, const LetterRequest& request, Instant now) {
  const LetterTemplate* letter = Find(office, request.letter);
  if (letter == nullptr) {
    return Status::NotFound("letter \"" + request.letter +
                            "\" is none of: " + Join(office.letters, ", ", &LetterTemplate::name));
  }
  if (request.leads.empty()) return Status::InvalidArgument("a letter needs a lead");
  DocxValues values;
  values.texts = TextsOf(request.leads.front(), request.outside);
  std::set<std::string> marks, legal;
  for (const store::Lead& lead : request.leads) {
    Texts texts = TextsOf(lead, request.outside);
    marks.insert(texts["mark"]);
    legal.insert(texts["legal"]);
    values.lists["leads"].push_back(std::move(texts));
  }
  values.texts["marks"] = Join(marks, "、");
  values.texts["legal"] = Join(legal, "、");
  values.texts["count"] = std::to_string(request.leads.size());
  values.texts["today"] = ChineseDay(now);
  for (const char* name : {"to", "document", "days", "office", "officer"})
    values.texts.try_emplace(name, "");
  for (const auto& [name, text] : request.texts)
    values.texts[name] = request.outside ? MaskNumbers(text) : text;
  const auto filled = FillDocx(letter->bytes, values);
  if (!filled.ok()) return filled.status().Within("template " + letter->name);
  return filled;
}

}  // namespace cluehound::triage
