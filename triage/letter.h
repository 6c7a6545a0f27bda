#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "store/records.h"
#include "triage/office.h"

namespace cluehound::triage {

// What a draft letter is about.
struct LetterRequest {
  std::string letter;  // name of a template: "transfer"
  std::vector<store::Lead> leads;
  std::map<std::string, std::string> texts;  // what the officer wrote: to, document, days ...
  bool outside = false;                      // for people outside the administration: masked
};

// The office's template, filled: a DOCX. Placeholders: what stands in `texts` (to, document, days are always
// there, perhaps empty), office, officer, today (2026年11月28日), count, marks, legal (拟适用条款), of the first
// lead its own fields (seller, title ...), and in a row of a table leads.number, leads.seller, leads.seller_id,
// leads.platform, leads.title, leads.price, leads.sold, leads.url, leads.category, leads.mark, leads.legal,
// leads.words, leads.first_seen, leads.last_seen, leads.captured, leads.sha256, leads.county. Masked: names of
// sellers, and numbers in every text. kNotFound names the templates that there are.
Result<std::string> MakeLetter(const Office& office, const LetterRequest& request, Instant now);

}  // namespace cluehound::triage
