#include "tests/app/program.h"

namespace cluehound::app {

const char* const kProgram = CLUEHOUND_BINARY;

}  // namespace cluehound::app
