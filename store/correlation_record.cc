#include "store/stored_records.h"

namespace cluehound::store {

CorrelationRecord RecordOf(const rules::Correlation& c) {
  CorrelationRecord record;
  record.id = c.id;
  record.rev = c.rev;
  record.title = c.title;
  record.level = c.level;
  record.mode = c.mode;
  record.group_by = c.group_by;
  record.count = c.count;
  record.at_least = c.at_least;
  record.within_ms = c.within.count();
  record.categories = c.categories;
  record.rules = c.rules;
  record.not_rules = c.not_rules;
  record.blind_spots = c.blind_spots;
  record.checklist = c.checklist;
  return record;
}

rules::Correlation CorrelationOf(const CorrelationRecord& record) {
  rules::Correlation c;
  c.id = record.id;
  c.rev = record.rev;
  c.title = record.title;
  c.level = record.level;
  c.mode = record.mode;
  c.group_by = record.group_by;
  c.count = record.count;
  c.at_least = record.at_least;
  c.within = Duration(record.within_ms);
  c.categories = record.categories;
  c.rules = record.rules;
  c.not_rules = record.not_rules;
  c.blind_spots = record.blind_spots;
  c.checklist = record.checklist;
  return c;
}

}  // namespace cluehound::store
