#include "triage/office.h"

#include <cassert>
#include <map>
#include <span>

#include "base/embedded.h"
#include "base/file.h"

namespace cluehound {
std::span<const EmbeddedFile> BuiltInOfficeFiles();  // written by cmake/embed.cmake
std::span<const EmbeddedFile> BuiltInLetters();      // likewise
}  // namespace cluehound

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

Result<std::vector<LetterTemplate>> LoadLetters(const std::filesystem::path& folder) {
  std::map<std::string, std::string> letters;
  for (const EmbeddedFile& file : BuiltInLetters())
    letters[std::filesystem::path(file.name).stem()] = file.bytes;
  std::error_code error;
  if (!folder.empty() && std::filesystem::is_directory(folder / "templates", error)) {
    ASSIGN_OR_RETURN(const auto files, ListFiles(folder / "templates", {".docx"}));
    for (const std::filesystem::path& file : files) {
      // What a word processor leaves beside an open file.
      if (file.filename().string().starts_with("~$")) continue;
      ASSIGN_OR_RETURN(letters[file.stem()], ReadFile(file, kMaxFileBytes));
    }
  }
  std::vector<LetterTemplate> list;
  for (auto& [name, bytes] : letters) list.push_back({name, std::move(bytes)});
  return list;
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
  ASSIGN_OR_RETURN(office.letters, LoadLetters(folder));
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
