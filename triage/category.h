#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What leads are about, as officers call it: files, letters, forms and terminals all ask here.
namespace cluehound::triage {

// Code and Chinese name of every category that a rule may have, in the order of forms.
const std::vector<std::pair<std::string_view, std::string_view>>& Categories();

// "地理标志" for "gi"; a code that is none as it is.
std::string CategoryChinese(std::string_view code);

}  // namespace cluehound::triage
