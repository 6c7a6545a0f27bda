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

}  // namespace cluehound::crawler
