#include "store/rocksdb/papers.h"

#include "base/text.h"
#include "store/paper_steps.h"
#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

uint8_t Letter(PaperKind kind) { return static_cast<uint8_t>(kind); }

// The desk of one group of writes.
class StagedDesk final : public PaperDesk {
 public:
  StagedDesk(Ledger& ledger, Staging& staging) : ledger_(ledger), staging_(staging) {}

  Result<std::optional<Paper>> FindPaper(uint64_t number) override {
    return staging_.papers().Find(PaperKey(number));
  }
  Result<uint64_t> PaperByKey(PaperKind kind, const std::string& key) override {
    ASSIGN_OR_RETURN(const auto known, staging_.paper_keys().Find(PaperNameKey(Letter(kind), key)));
    return known ? known->count : uint64_t{0};
  }
  Status PutPaper(const Paper* before, const Paper& after) override {
    staging_.papers().Put(PaperKey(after.number), after);
    if (before == nullptr) {
      for (const uint8_t kind : {uint8_t{0}, Letter(after.kind)})
        staging_.Put(Table::kPapers, PaperListKey(kind, after.number), "");
      if (!after.key.empty())
        staging_.paper_keys().Put(PaperNameKey(Letter(after.kind), after.key),
                                  CountRecord{after.number});
    }
    // Leads are added at the end and never taken away.
    for (size_t i = before == nullptr ? 0 : before->leads.size(); i < after.leads.size(); ++i)
      staging_.Put(Table::kPapers, PaperLeadKey(after.leads[i], after.number), "");
    return Status::Ok();
  }
  Status PutAttachment(const Digest& sha256, const std::string& bytes) override {
    staging_.Put(Table::kAttachments, PlainKey(cluehound::Bytes(sha256)), bytes);
    return Status::Ok();
  }
  Result<uint64_t> NextPaper() override { return staging_.NextNumber("papers", 0); }
  Result<uint64_t> NextNumber(const std::string& prefix, int year) override {
    return staging_.NextNumber(prefix, year);
  }
  void Audit(AuditEntry entry) override { staging_.Audit(std::move(entry)); }

  Result<std::optional<Lead>> FindLead(const LeadId& id) override { return staging_.FindLead(id); }
  AliasTable& aliases() override { return staging_; }
  Status AddLead(Lead lead, const Sighting& sighting, const AuditEntry& entry) override {
    return ledger_.AddLead(std::move(lead), sighting, entry);
  }
  Status TakeStep(const Lead& before, const LeadStep& step) override {
    return ledger_.TakeStep(before, step);
  }
  Result<LeadStep> Decide(const Decision& decision, const Scope& scope) override {
    return store::Decide(decision, scope, staging_);
  }

 private:
  Ledger& ledger_;
  Staging& staging_;
};

}  // namespace

Result<std::vector<PaperReceipt>> Papers::PutAll(const std::vector<PaperChange>& changes,
                                                 const Scope& scope, const Actor& actor,
                                                 Instant at) {
  RETURN_IF_ERROR(CheckPapers(changes));
  std::vector<PaperReceipt> receipts;
  RETURN_IF_ERROR(write_([&](Ledger& ledger, Staging& staging) -> Status {
    StagedDesk desk(ledger, staging);
    for (const PaperChange& change : changes) {
      ASSIGN_OR_RETURN(PaperReceipt receipt, PutPaper(change, scope, actor, at, desk));
      receipts.push_back(std::move(receipt));
    }
    return Status::Ok();
  }));
  return receipts;
}

Result<Paper> Papers::Find(uint64_t number, const Scope& scope) {
  ASSIGN_OR_RETURN(auto paper,
                   FindRecord<Paper>(database_, Table::kPapers, PaperKey(number), "paper"));
  if (!paper) return Status::NotFound("no paper " + std::to_string(number));
  RETURN_IF_ERROR(CheckScope(*paper, scope));
  return *std::move(paper);
}

Result<PaperPage> Papers::ByKey(const PaperFilter& filter, const Scope& scope) const {
  PaperPage page;
  ASSIGN_OR_RETURN(
      const auto number,
      FindRecord<CountRecord>(database_, Table::kPapers,
                              PaperNameKey(Letter(*filter.kind), filter.key), "key of a paper"));
  if (!number) return page;
  ASSIGN_OR_RETURN(auto paper,
                   FindRecord<Paper>(database_, Table::kPapers, PaperKey(number->count), "paper"));
  if (paper && Matches(*paper, filter, scope)) page.papers.push_back(*std::move(paper));
  return page;
}

Result<PaperPage> Papers::Query(const PaperFilter& filter, const Scope& scope,
                                std::string_view after, size_t max) {
  if (filter.kind && !filter.key.empty()) return ByKey(filter, scope);
  const std::string prefix = filter.lead.empty()
                                 ? PaperListPrefix(filter.kind ? Letter(*filter.kind) : 0)
                                 : PaperLeadPrefix(filter.lead);
  const auto behind = ParseInt(after);
  std::string from = prefix;
  if (behind && *behind > 0)
    from = KeyWriter(prefix).Number(UINT64_MAX - static_cast<uint64_t>(*behind) + 1).Take();
  const auto snapshot = database_.TakeSnapshot();
  const auto cursor = database_.Walk(Table::kPapers, from, PrefixEnd(prefix), snapshot.get());
  PaperPage page;
  for (; cursor->Valid(); cursor->Next()) {
    const std::string_view rest = cursor->key().substr(prefix.size());
    uint64_t number = 0;
    for (const char c : rest) number = (number << 8) | static_cast<uint8_t>(c);
    number = UINT64_MAX - number;
    ASSIGN_OR_RETURN(auto paper, FindRecord<Paper>(database_, Table::kPapers, PaperKey(number),
                                                   "paper", snapshot.get()));
    if (!paper) return Status::Corruption("paper " + std::to_string(number) + " is listed only");
    if (!Matches(*paper, filter, scope)) continue;
    if (page.papers.size() == max) {
      if (max > 0) page.next = std::to_string(page.papers.back().number);
      break;
    }
    page.papers.push_back(*std::move(paper));
  }
  RETURN_IF_ERROR(cursor->status());
  return page;
}

Result<std::string> Papers::AttachmentBytes(const Digest& sha256) {
  ASSIGN_OR_RETURN(auto bytes,
                   database_.Get(Table::kAttachments, PlainKey(cluehound::Bytes(sha256))));
  if (!bytes) return Status::NotFound("no file with the digest " + Hex(sha256));
  if (Sha256(*bytes) != sha256)
    return Status::Corruption("the file " + Hex(sha256) + " is not what was stored");
  return *std::move(bytes);
}

}  // namespace cluehound::store
