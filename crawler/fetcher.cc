#include "crawler/fetcher.h"

#include "crawler/fetch_loop.h"

namespace cluehound::crawler {

Fetcher::Fetcher(FetcherOptions options, std::vector<SourceSettings> sources,
                 store::WorkQueue& store, Sink sink)
    : loop_(std::make_unique<FetchLoop>(std::move(options), std::move(sources), store,
                                        std::move(sink))) {}
Fetcher::~Fetcher() = default;
Status Fetcher::Run() { return loop_->Run(); }
void Fetcher::Done(const store::Lease& lease) { loop_->Done(lease.token); }
void Fetcher::Stop() { loop_->Stop(); }
void Fetcher::Poke() { loop_->Poke(); }
Progress Fetcher::progress() const { return loop_->progress(); }
Instant Fetcher::last_turn() const { return loop_->last_turn(); }
std::map<std::string, SourceProgress> Fetcher::sources() const { return loop_->sources(); }
void Fetcher::Reload(std::vector<SourceSettings> sources, std::string extractor_revision) {
  loop_->Reload(std::move(sources), std::move(extractor_revision));
}
void Fetcher::SetMode(const std::string& source, store::SourceMode mode, Instant since) {
  loop_->SetMode(source, mode, since);
}
void Fetcher::SetFactor(const std::string& source, double factor) {
  loop_->SetFactor(source, factor);
}
void Fetcher::RunNow(const std::string& source) { loop_->RunNow(source); }
void Fetcher::GoFirst(std::vector<std::string> urls) { loop_->GoFirst(std::move(urls)); }
void Fetcher::OpenInTurn(Duration apart, Duration longest) { loop_->OpenInTurn(apart, longest); }

}  // namespace cluehound::crawler
