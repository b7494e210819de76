#include "bundle/templates.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/embedded.h"
#include "base/encoding.h"
#include "base/error.h"

namespace sealwright::bundle {
namespace {

/// What render() takes: no text is put together beyond it.
constexpr std::size_t max_assembled_bytes = std::size_t{1} << 20;

std::string file_of(const std::string& name) { return std::string(template_folder) + name; }

[[noreturn]] void fail(const std::string& name, std::size_t line, const std::string& message) {
  throw Error(Error::Kind::input, fmt::format("{}:{}: {}", file_of(name), line, message));
}

bool is_known(const State& state, const std::string& name) {
  return state.templates.contains(name) || embedded_file(file_of(name));
}

/// A text put together from others, each line of which knows where it is from.
class Assembled {
 public:
  Assembled(const State& state, const std::string& name) : name_(name) {
    constexpr std::string_view open = "{{! insert ", close = " }}\n";
    const std::string source = template_text(state, name);
    std::size_t done = 0;
    for (auto at = source.find(open); at != std::string::npos; at = source.find(open, done)) {
      add(name, line_of(source, done), source.substr(done, at - done));
      const auto from = at + open.size(), to = source.find(close, from);
      if (to == std::string::npos) fail(name, line_of(source, at), "an insert without its end");
      const std::string inserted =
          name.substr(0, name.rfind('/') + 1) + source.substr(from, to - from);
      if (!is_known(state, inserted))
        fail(name, line_of(source, at), "there is no template '" + printable(inserted) + "'");
      add(inserted, 1, template_text(state, inserted));
      done = to + close.size();
    }
    add(name, line_of(source, done), source.substr(done));
  }

  const std::string& text() const { return text_; }

  /// An error of render(), which begins with "line N: ", with the file and the line there.
  Error located(Error error) const {
    constexpr std::string_view word = "line ";
    std::size_t line = 0;
    const char* const end = error.message.data() + error.message.size();
    const auto number = error.message.starts_with(word)
                            ? std::from_chars(error.message.data() + word.size(), end, line)
                            : std::from_chars_result{end, std::errc::invalid_argument};
    if (number.ec != std::errc()) return with_prefix(std::move(error), file_of(name_));
    const Piece* piece = &pieces_.front();
    for (const auto& next : pieces_)
      if (next.first_line <= line) piece = &next;
    error.message =
        fmt::format("{}:{}{}", file_of(piece->name), piece->source_line + line - piece->first_line,
                    std::string_view(number.ptr, end));
    return error;
  }

 private:
  struct Piece {
    std::size_t first_line;  ///< In the whole text.
    std::string name;
    std::size_t source_line;
  };

  static std::size_t line_of(std::string_view source, std::size_t at) {
    return 1 + static_cast<std::size_t>(std::ranges::count(source.substr(0, at), '\n'));
  }
  void add(const std::string& name, std::size_t source_line, const std::string& text) {
    pieces_.push_back({line_of(text_, text_.size()), name, source_line});
    text_ += text;
    if (text_.size() > max_assembled_bytes)
      throw Error(Error::Kind::input, file_of(name_) +
                                          ": with what it inserts, the template is "
                                          "longer than 1 MiB");
  }

  std::string name_, text_;
  std::vector<Piece> pieces_;
};

}  // namespace

std::vector<std::string> template_names() {
  std::vector<std::string> names;
  for (const auto& file : embedded_files())
    if (file.path.starts_with(template_folder))
      names.emplace_back(file.path.substr(template_folder.size()));
  return names;
}

std::string template_text(const State& state, const std::string& name) {
  if (const auto own = state.templates.find(name); own != state.templates.end()) return own->second;
  if (const auto text = embedded_file(file_of(name))) return std::string(*text);
  throw Error(Error::Kind::internal, "the template '" + name + "' is missing");
}

std::string filled(const State& state, const std::string& name, const Json& data, Escape escape) {
  const Assembled assembled(state, name);
  try {
    return render(assembled.text(), data, escape);
  } catch (const Error& error) {
    throw assembled.located(error);
  }
}

}  // namespace sealwright::bundle
