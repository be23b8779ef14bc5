#include "CTomlPlusPlus.h"

// toml++ 3.3 takes some malformed texts ("[=") for impossible: an assertion ends the process, and without assertions
// the compiler may assume anything. Here a broken assumption is an exception, whatever the build.
#undef NDEBUG
namespace {
struct broken_assumption {};
}  // namespace
#define TOML_ASSERT(expression) \
    do { \
        if (!(expression)) throw broken_assumption{}; \
    } while (false)
#define TOML_EXCEPTIONS 1
// Against stack exhaustion by a hostile file: arrays and inline tables within each other.
#define TOML_MAX_NESTED_VALUES 32
#include <cstring>
#include <sstream>
#include <string_view>
#include <toml++/toml.h>
#include <vector>

namespace {

galley_toml_place place(const toml::source_region &region) { return {region.begin.line, region.begin.column}; }

void walk(const toml::node &node, const char *key, size_t key_length, galley_toml_place key_at,
          const galley_toml_visitor &v) {
    const galley_toml_place value_at = place(node.source());
    auto enter = [&](galley_toml_kind kind) { v.enter(v.context, key, key_length, kind, key_at, value_at); };
    if (const auto *table = node.as_table()) {
        enter(GALLEY_TOML_TABLE);
        for (const auto &[k, child] : *table) {
            const std::string_view name = k.str();
            walk(child, name.data(), name.size(), place(k.source()), v);
        }
        v.leave(v.context);
    } else if (const auto *array = node.as_array()) {
        enter(GALLEY_TOML_ARRAY);
        for (const auto &child : *array) walk(child, nullptr, 0, place(child.source()), v);
        v.leave(v.context);
    } else if (const auto *text = node.as_string()) {
        enter(GALLEY_TOML_STRING);
        v.string(v.context, text->get().data(), text->get().size());
    } else if (const auto *integer = node.as_integer()) {
        enter(GALLEY_TOML_INTEGER);
        v.integer(v.context, integer->get());
    } else if (const auto *floating = node.as_floating_point()) {
        enter(GALLEY_TOML_FLOAT);
        v.floating(v.context, floating->get());
    } else if (const auto *boolean = node.as_boolean()) {
        enter(GALLEY_TOML_BOOLEAN);
        v.boolean(v.context, boolean->get());
    } else {
        std::ostringstream text;
        if (const auto *d = node.as_date()) text << *d;
        if (const auto *t = node.as_time()) text << *t;
        if (const auto *dt = node.as_date_time()) text << *dt;
        const std::string written = text.str();
        enter(GALLEY_TOML_DATE);
        v.string(v.context, written.data(), written.size());
    }
}

// Whether the parser breaks an assumption of its own in the first `length` bytes.
bool breaks(const char *text, size_t length) {
    try {
        (void)toml::parse(std::string_view(text, length));
    } catch (const broken_assumption &) {
        return true;
    } catch (...) {
    }
    return false;
}

// The line at which it does: the first that, with all before it, is enough. A bisection, for the parser stops there.
uint32_t breaking_line(std::string_view text) {
    std::vector<size_t> ends;
    for (size_t at = 0; at < text.size(); at++)
        if (text[at] == '\n' || at + 1 == text.size()) ends.push_back(at + 1);
    size_t low = 0, high = ends.empty() ? 0 : ends.size() - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (breaks(text.data(), ends[middle]))
            high = middle;
        else
            low = middle + 1;
    }
    return static_cast<uint32_t>(low + 1);
}

void describe(std::string_view description, char *message, size_t capacity) {
    const size_t count = description.size() < capacity - 1 ? description.size() : capacity - 1;
    std::memcpy(message, description.data(), count);
    message[count] = 0;
}

}  // namespace

bool galley_toml_parse(const char *text, size_t length, const galley_toml_visitor *visitor, char *message,
                       size_t capacity, uint32_t *line, uint32_t *column) {
    try {
        const toml::table table = toml::parse(std::string_view(text, length));
        walk(table, nullptr, 0, place(table.source()), *visitor);
        return true;
    } catch (const toml::parse_error &error) {
        describe(error.description(), message, capacity);
        *line = error.source().begin.line;
        *column = error.source().begin.column;
    } catch (const broken_assumption &) {
        describe("malformed", message, capacity);
        *line = breaking_line(std::string_view(text, length));
        *column = 1;
    } catch (const std::exception &error) {
        describe(error.what(), message, capacity);
        *line = *column = 0;
    }
    return false;
}
