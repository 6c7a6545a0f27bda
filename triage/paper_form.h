#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "store/paper.h"
#include "triage/office.h"

// The forms of the office: which fields each kind of paper has, what may stand in them, and what
// follows from them (state, clock). Commands, imports, checks and lists all read them here.
namespace cluehound::triage {

struct FormField {
  enum class Type { kText, kDay, kMoney, kCount, kAddress, kCounty, kChoice, kBehaviour };
  std::string_view name;     // "received"
  std::string_view chinese;  // "收到日期"
  Type type = Type::kText;
  bool required = false;
  bool personal = false;                                                    // hidden from outsiders
  std::vector<std::pair<std::string_view, std::string_view>> choices = {};  // code, Chinese
};

struct PaperForm {
  store::PaperKind kind;
  std::vector<FormField> fields;

  const FormField* Find(std::string_view name) const;
};

const PaperForm& FormOf(store::PaperKind kind);

using FormValues = std::map<std::string, std::string>;

struct FormProblem {
  std::string field;
  std::string message;  // Chinese, for officers
};

// The values in one way of writing: days as 2026-11-22, money in yuan as 12000.00 ("1.2万元" too),
// counties and choices by their names, addresses canonical. Adds what is wrong to `problems`.
// Empty values are left out. Texts are cut at 20,000 bytes.
FormValues CheckForm(const PaperForm& form, const FormValues& values, const Office& office,
                     std::vector<FormProblem>& problems);

// What the paper says, as the form has it.
FormValues ValuesOf(const store::Paper& paper);

// Puts checked values into the paper, with the state, the clock and the key that follow from them.
// Adds to `problems` what does not go together.
void Settle(const FormValues& values, const Office& office, store::Paper& paper,
            std::vector<FormProblem>& problems);

// "待回复"
std::string_view StateChinese(store::PaperKind kind, std::string_view state);

// "1.2万元" -> "12000.00"; empty when it is no amount of at most a thousand billion yuan.
std::string ParseMoney(std::string_view text);
// The amount in cents. REQUIRES: a text that ParseMoney gave, or an empty one.
int64_t CentsOf(std::string_view money);
std::string FormatCents(int64_t cents);

}  // namespace cluehound::triage
