#include "triage/office.h"

#include <cassert>
#include <span>

#include "base/embedded.h"
#include "base/file.h"

namespace cluehound {
std::span<const EmbeddedFile> BuiltInOfficeFiles();  // written by cmake/embed.cmake
}

namespace cluehound::triage {
namespace {

constexpr size_t kMaxFileBytes = 4u << 20;

struct Text {
  std::string file;
  std::string bytes;
};

Result<Text> ReadOffice(const std::filesystem::path& folder, std::string_view name) {
  std::error_code error;
  if (!folder.empty() && std::filesystem::exists(folder / name, error)) {
    ASSIGN_OR_RETURN(std::string bytes, ReadFile(folder / name, kMaxFileBytes));
    return Text{(folder / name).string(), std::move(bytes)};
  }
  for (const EmbeddedFile& file : BuiltInOfficeFiles()) {
    if (file.name == name) return Text{"built-in " + std::string(name), std::string(file.bytes)};
  }
  return Status::NotFound("no built-in file " + std::string(name));
}

}  // namespace

Result<Office> Office::Load(const std::filesystem::path& folder) {
  Office office;
  Diagnostics diagnostics;
  ASSIGN_OR_RETURN(const Text days, ReadOffice(folder, "workdays.yaml"));
  office.calendar = WorkCalendar::Parse(days.bytes, days.file, diagnostics);
  ASSIGN_OR_RETURN(const Text terms, ReadOffice(folder, "terms.yaml"));
  office.terms = ParseTerms(terms.bytes, terms.file, diagnostics);
  ASSIGN_OR_RETURN(const Text places, ReadOffice(folder, "jurisdictions.yaml"));
  office.jurisdictions = Jurisdictions::Parse(places.bytes, places.file, diagnostics);
  ASSIGN_OR_RETURN(const Text behaviours, ReadOffice(folder, "behaviours.yaml"));
  office.behaviours = ParseBehaviours(behaviours.bytes, behaviours.file, diagnostics);
  ASSIGN_OR_RETURN(const Text handover, ReadOffice(folder, "handover.yaml"));
  office.handover = ParseHandover(handover.bytes, handover.file, diagnostics);
  ASSIGN_OR_RETURN(const Text lines, ReadOffice(folder, "statutory_lines.yaml"));
  office.lines = ParseStatutoryLines(lines.bytes, lines.file, diagnostics);
  for (const char* id : {"check", "sign", "feedback", "defer"}) {
    if (diagnostics.ok() && !office.FindTerm(id).ok()) {
      diagnostics.Error("missing-term", {terms.file, 0, 0},
                        "the term \"" + std::string(id) + "\" is missing, and the work needs it");
    }
  }
  RETURN_IF_ERROR(diagnostics.ToStatus());
  return office;
}

Office Office::BuiltIn() {
  auto office = Load({});
  assert(office.ok());  // a test reads the built-in files
  return office.ok() ? *std::move(office) : Office();
}

const Behaviour* Office::FindBehaviour(std::string_view text) const {
  for (const Behaviour& behaviour : behaviours) {
    if (text == behaviour.code || text == behaviour.name ||
        (!behaviour.number.empty() && text == behaviour.number))
      return &behaviour;
  }
  return nullptr;
}

Result<Term> Office::FindTerm(std::string_view id) const {
  std::string names;
  for (const Term& term : terms) {
    if (term.id == id) return term;
    names += (names.empty() ? "" : ", ") + term.id;
  }
  return Status::InvalidArgument("term \"" + std::string(id) + "\" is none of: " + names);
}

}  // namespace cluehound::triage
