#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/pipeline.h"
#include "crawler/source.h"

namespace cluehound::app {

// What the pages of a crawl are read by now; a page under way ends with what it began with.
// Thread-safe; Put by one thread at a time.
class InForce {
 public:
  using Sources = std::map<std::string, crawler::SourceSettings>;  // by id

  void Put(std::shared_ptr<const Pipeline> pipeline);
  // Sources that are gone stay: pages of theirs may be under way.
  void Put(const std::vector<crawler::SourceSettings>& sources);

  std::shared_ptr<const Pipeline> pipeline() const;
  std::shared_ptr<const Sources> sources() const;

 private:
  mutable std::mutex mutex_;  // guards both
  std::shared_ptr<const Pipeline> pipeline_;
  std::shared_ptr<const Sources> sources_ = std::make_shared<Sources>();
};

}  // namespace cluehound::app
