#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "store/paper_steps.h"
#include "store/papers.h"

namespace cluehound::store {

// What the papers in memory ask of the leads beside them. Called with the store's mutex held.
class MemoryLeads {
 public:
  virtual ~MemoryLeads() = default;
  virtual Result<std::optional<Lead>> LeadOf(const LeadId& id) = 0;
  virtual AliasTable& alias_table() = 0;
  virtual void MakeLead(Lead lead, const Sighting& sighting, AuditEntry entry) = 0;
  virtual void Step(const Lead& before, const LeadStep& step) = 0;
  virtual Result<LeadStep> StepOf(const Decision& decision, const Scope& scope) = 0;
  virtual Result<uint64_t> GiveNumber(const std::string& prefix, int year) = 0;
  virtual void Log(AuditEntry entry) = 0;
  // What was there when it was called comes back with PutBack().
  virtual void Keep() = 0;
  virtual void PutBack() = 0;
};

// The papers of the store in memory.
class MemoryPapers final : public PaperLedger, private PaperDesk {
 public:
  MemoryPapers(std::mutex& mutex, MemoryLeads& leads) : mutex_(mutex), leads_(leads) {}

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
    return leads_.GiveNumber(prefix, year);
  }
  void Audit(AuditEntry entry) override { leads_.Log(std::move(entry)); }
  Result<std::optional<Lead>> FindLead(const LeadId& id) override { return leads_.LeadOf(id); }
  AliasTable& aliases() override { return leads_.alias_table(); }
  Status AddLead(Lead lead, const Sighting& sighting, const AuditEntry& entry) override {
    leads_.MakeLead(std::move(lead), sighting, entry);
    return Status::Ok();
  }
  Status TakeStep(const Lead& before, const LeadStep& step) override {
    leads_.Step(before, step);
    return Status::Ok();
  }
  Result<LeadStep> Decide(const Decision& decision, const Scope& scope) override {
    return leads_.StepOf(decision, scope);
  }

  std::mutex& mutex_;
  MemoryLeads& leads_;
  std::map<uint64_t, Paper> papers_;
  std::map<Digest, std::string> files_;
};

}  // namespace cluehound::store
