#include "CTomlPlusPlus.h"

#define TOML_EXCEPTIONS 0
// Against stack exhaustion by a hostile file: arrays and inline tables within each other.
#define TOML_MAX_NESTED_VALUES 32
#include <cstring>
#include <sstream>
#include <string_view>
#include <toml++/toml.h>

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

}  // namespace

bool galley_toml_parse(const char *text, size_t length, const galley_toml_visitor *visitor, char *message,
                       size_t capacity, uint32_t *line, uint32_t *column) {
    toml::parse_result result = toml::parse(std::string_view(text, length));
    if (!result) {
        const auto &error = result.error();
        const std::string_view description = error.description();
        const size_t count = description.size() < capacity - 1 ? description.size() : capacity - 1;
        std::memcpy(message, description.data(), count);
        message[count] = 0;
        *line = error.source().begin.line;
        *column = error.source().begin.column;
        return false;
    }
    walk(result.table(), nullptr, 0, place(result.table().source()), *visitor);
    return true;
}
