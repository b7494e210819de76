#pragma once
// Inside driver only: what version control does to text files.

#include "base/bytes.h"

namespace sealwright::driver {

enum class LineEnds { crlf, lf };

/// The same text with all its lines ended so; UTF-16 with a mark is understood. A lone CR stays.
Bytes with_line_ends(BytesView text, LineEnds ends);

}  // namespace sealwright::driver
