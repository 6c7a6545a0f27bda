#pragma once

#include <string>

#include "tests/testing/test_server.h"

namespace cluehound::testing {

// The behaviour that a target names ("/drop", "/redirect-chain-7"); for other targets a 404.
TestServer::Behaviour NamedBehaviour(const std::string& target);

}  // namespace cluehound::testing
