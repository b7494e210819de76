// Files of ceremonies: nothing crashes, every refusal blames the input, and what is accepted is
// what the program would write.

#include "attempt.h"
#include "workspace/ceremony_file.h"

using namespace sealwright;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  attempt([&] {
    const auto read = workspace::read_ceremony_request(text, "f");
    require(workspace::write_ceremony(read.request).text == read.file.text);
  });
  attempt([&] {
    const auto read = workspace::read_ceremony_answer(text, "f");
    require(workspace::write_ceremony(read.answer).text == read.file.text);
  });
  require(!workspace::looks_like_ceremony(text) || text.find("ceremony: ") != std::string::npos);
  return 0;
}
