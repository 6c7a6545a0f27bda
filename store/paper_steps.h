#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/identity.h"
#include "store/lead_step.h"
#include "store/paper.h"

// What a write of papers does, told once for every store.
namespace cluehound::store {

// The tables as they are in the middle of the write.
class PaperDesk {
 public:
  virtual ~PaperDesk() = default;
  virtual Result<std::optional<Paper>> FindPaper(uint64_t number) = 0;
  // The number of the paper with this key; 0: none.
  virtual Result<uint64_t> PaperByKey(PaperKind kind, const std::string& key) = 0;
  // `before` is null for a new one.
  virtual Status PutPaper(const Paper* before, const Paper& after) = 0;
  virtual Status PutAttachment(const Digest& sha256, const std::string& bytes) = 0;
  // The next of all papers, from 1.
  virtual Result<uint64_t> NextPaper() = 0;
  virtual Result<uint64_t> NextNumber(const std::string& prefix, int year) = 0;
  virtual void Audit(AuditEntry entry) = 0;

  virtual Result<std::optional<Lead>> FindLead(const LeadId& id) = 0;
  virtual AliasTable& aliases() = 0;
  // A lead that was not there, and the sighting that made it.
  virtual Status AddLead(Lead lead, const Sighting& sighting, const AuditEntry& entry) = 0;
  virtual Status TakeStep(const Lead& before, const LeadStep& step) = 0;
  virtual Result<LeadStep> Decide(const Decision& decision, const Scope& scope) = 0;
};

// kInvalidArgument for what no desk could take.
Status CheckPapers(const std::vector<PaperChange>& changes);

// One change. After a failure the desk must be put back.
Result<PaperReceipt> PutPaper(const PaperChange& change, const Scope& scope, const Actor& actor,
                              Instant at, PaperDesk& desk);

// In the order of time, for the audit log and people.
std::string Summary(const Paper& paper);

Status CheckScope(const Paper& paper, const Scope& scope);
bool Matches(const Paper& paper, const PaperFilter& filter, const Scope& scope);

}  // namespace cluehound::store
