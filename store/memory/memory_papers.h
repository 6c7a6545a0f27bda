#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "store/memory/memory_leads.h"
#include "store/paper_steps.h"
#include "store/papers.h"

namespace cluehound::store {

// The papers of the MemoryStore. The mutex guards the leads and the audit log too.
class MemoryPapers final : public PaperLedger, private PaperDesk {
 public:
  MemoryPapers(std::mutex& mutex, MemoryLeads& leads, MemoryAudit& audit)
      : mutex_(mutex), leads_(leads), audit_(audit) {}

  Result<std::vector<PaperReceipt>> PutAll(const std::vector<PaperChange>& changes,
                                           const Scope& scope, const Actor& actor,
                                           Instant at) override;
  Result<Paper> Find(uint64_t number, const Scope& scope) override;
  Result<PaperPage> Query(const PaperFilter& filter, const Scope& scope, std::string_view after,
                          size_t max) override;
  Result<std::string> AttachmentBytes(const Digest& sha256) override;

 private:
  Result<std::optional<Paper>> FindPaper(uint64_t number) override;
  Result<uint64_t> PaperByKey(PaperKind kind, const std::string& key) override;
  Status PutPaper(const Paper* before, const Paper& after) override;
  Status PutAttachment(const Digest& sha256, const std::string& bytes) override;
  Result<uint64_t> NextPaper() override { return papers_.size() + 1; }
  Result<uint64_t> NextNumber(const std::string& prefix, int year) override {
    return leads_.NextNumber(prefix, year);
  }
  void Audit(AuditEntry entry) override { audit_.Append(std::move(entry)); }
  Result<std::optional<Lead>> FindLead(const LeadId& id) override { return leads_.FindLead(id); }
  AliasTable& aliases() override { return leads_.aliases(); }
  Status AddLead(Lead lead, const Sighting& sighting, const AuditEntry& entry) override {
    leads_.Add(std::move(lead), sighting, entry);
    return Status::Ok();
  }
  Status TakeStep(const Lead& before, const LeadStep& step) override {
    leads_.Take(before, step);
    return Status::Ok();
  }
  Result<LeadStep> Decide(const Decision& decision, const Scope& scope) override {
    return leads_.StepOf(decision, scope);
  }

  std::mutex& mutex_;
  MemoryLeads& leads_;
  MemoryAudit& audit_;
  std::map<uint64_t, Paper> papers_;
  std::map<Digest, std::string> files_;
};

}  // namespace cluehound::store
