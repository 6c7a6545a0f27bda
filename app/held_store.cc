#include "app/held_store.h"

#include "store/open.h"

namespace cluehound::app {

// The store wants its sink when it opens, the archive wants to know where the store's last capture ends.
class HeldStore::LateSink final : public evidence::CaptureSink {
 public:
  void Attach(evidence::CaptureSink* sink) { sink_ = sink; }
  Result<evidence::CaptureRef> Append(const evidence::Page& page) override {
    if (sink_ == nullptr) return Status::Unavailable("captures: not open yet");
    return sink_->Append(page);
  }
  Status Sync() override { return sink_ == nullptr ? Status::Ok() : sink_->Sync(); }

 private:
  evidence::CaptureSink* sink_ = nullptr;
};

HeldStore::HeldStore() : sink_(std::make_unique<LateSink>()) {}
HeldStore::~HeldStore() = default;

Result<std::unique_ptr<HeldStore>> HeldStore::Open(const std::filesystem::path& path,
                                                   triage::Office office) {
  std::unique_ptr<HeldStore> held(new HeldStore);
  store::StoreOptions options;
  options.path = path.string();
  options.captures = held->sink_.get();
  ASSIGN_OR_RETURN(held->store_, store::OpenRocksDbStore(options));
  ASSIGN_OR_RETURN(const evidence::CaptureRef last, held->store_->LastCapture());
  evidence::ArchiveOptions archive;
  archive.info = {{"software", std::string("Cluehound/") + CLUEHOUND_VERSION}};
  ASSIGN_OR_RETURN(held->archive_, evidence::Archive::Open(path / "captures",
                                                           {last.file, last.offset + last.length},
                                                           SystemClock(), archive));
  held->sink_->Attach(held->archive_.get());
  held->listings_ = std::make_unique<store::ListingArchive>(path / "listings");
  held->UseOffice(std::move(office));
  ASSIGN_OR_RETURN(held->control_,
                   triage::ControlServer::Start(path, [held = held.get()](const auto& request) {
                     return held->Call(request);
                   }));
  return held;
}

std::shared_ptr<triage::Operations> HeldStore::operations() const {
  const std::lock_guard lock(mutex_);
  return operations_;
}

void HeldStore::UseOffice(triage::Office office) {
  auto operations = std::make_shared<triage::Operations>(*store_, SystemClock(), std::move(office));
  const std::lock_guard lock(mutex_);
  operations_ = std::move(operations);
}

void HeldStore::AddAnswer(Answer answer) {
  const std::unique_lock lock(answer_mutex_);
  answers_.push_back(std::move(answer));
}

void HeldStore::DropAnswers() {
  const std::unique_lock lock(answer_mutex_);
  answers_.clear();
}

triage::Response HeldStore::Call(const triage::Request& request) const {
  {
    const std::shared_lock lock(answer_mutex_);
    for (const Answer& answer : answers_) {
      if (auto response = answer(request)) return *std::move(response);
    }
  }
  return operations()->Call(request);
}

}  // namespace cluehound::app
