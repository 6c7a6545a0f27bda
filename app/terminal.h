#pragma once

#include <string>
#include <string_view>

// Text for people at a terminal, counted in columns: a Chinese character takes two.
namespace cluehound::app {

// Without control characters and direction marks: those of a page must not reach a terminal.
std::string Printable(std::string_view text);

// At most `width` columns, with "…" where something was cut.
std::string Cut(const std::string& text, int width);

// The text cut and filled to `width` columns, the last of them blank.
std::string Cell(const std::string& text, int width);

// Appends the text as lines of at most `columns`, broken at blanks where there are any and behind
// `indent` blanks from the second line on. `used`: columns of the first line that are taken.
void AppendFlowed(std::string& out, std::string_view text, int indent, int used, int columns);

// The terminal's width, within what the tables are made for (100 to 160); 100 when stdout is no
// terminal.
int TerminalColumns();

}  // namespace cluehound::app
