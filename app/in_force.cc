#include "app/in_force.h"

namespace cluehound::app {

void InForce::Put(std::shared_ptr<const Pipeline> pipeline) {
  const std::lock_guard lock(mutex_);
  pipeline_ = std::move(pipeline);
}

void InForce::Put(const std::vector<crawler::SourceSettings>& sources) {
  auto all = std::make_shared<Sources>(*this->sources());
  for (const crawler::SourceSettings& source : sources) (*all)[source.id] = source;
  const std::lock_guard lock(mutex_);
  sources_ = std::move(all);
}

std::shared_ptr<const Pipeline> InForce::pipeline() const {
  const std::lock_guard lock(mutex_);
  return pipeline_;
}

std::shared_ptr<const InForce::Sources> InForce::sources() const {
  const std::lock_guard lock(mutex_);
  return sources_;
}

}  // namespace cluehound::app
