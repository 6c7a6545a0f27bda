#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "triage/paper_form.h"

// Papers as people's tools see them.
namespace cluehound::triage {

// {"row":3,"outcome":"new","new_leads":1,"joined_leads":0,"paper":{..}}
std::string ReceiptJson(int64_t row, const store::PaperReceipt& receipt, Instant now);
// {"row":3,"problems":[{"field":"received","name":"收到日期","message":".."}]}
std::string ProblemsJson(int64_t row, const PaperForm& form,
                         const std::vector<FormProblem>& problems);
// "收到日期：缺少收到日期；..."
std::string ProblemText(const PaperForm& form, const std::vector<FormProblem>& problems);
std::string FormJson(const PaperForm& form);

// Bytes as the digits of a JSON text, and back; kInvalidArgument for what is none.
std::string ToHexText(std::string_view bytes);
Result<std::string> FromHexText(std::string_view hex);

}  // namespace cluehound::triage
