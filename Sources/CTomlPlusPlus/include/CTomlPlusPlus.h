#ifndef GALLEY_CTOMLPLUSPLUS_H
#define GALLEY_CTOMLPLUSPLUS_H
// toml++ behind a C interface: it knows the line and column of every node, which error messages need.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum galley_toml_kind {
    GALLEY_TOML_TABLE = 1,
    GALLEY_TOML_ARRAY,
    GALLEY_TOML_STRING,
    GALLEY_TOML_INTEGER,
    GALLEY_TOML_FLOAT,
    GALLEY_TOML_BOOLEAN,
    GALLEY_TOML_DATE,
};

// Counted from 1; columns count characters.
struct galley_toml_place {
    uint32_t line;
    uint32_t column;
};

// One visit a node, parents before children; leaving a table or array is told by `leave`. The keys of a table come
// in alphabetical order. `key` is null inside arrays and for the root. Text is valid only during the call.
struct galley_toml_visitor {
    void *context;
    void (*enter)(void *context, const char *key, size_t key_length, enum galley_toml_kind kind,
                  struct galley_toml_place key_at, struct galley_toml_place value_at);
    void (*leave)(void *context);
    void (*string)(void *context, const char *text, size_t length);
    void (*integer)(void *context, int64_t value);
    void (*floating)(void *context, double value);
    void (*boolean)(void *context, bool value);
};

// Returns true, or false with the message (at most `capacity` bytes, terminated) and its place.
bool galley_toml_parse(const char *text, size_t length, const struct galley_toml_visitor *visitor, char *message,
                       size_t capacity, uint32_t *line, uint32_t *column);

#ifdef __cplusplus
}
#endif
#endif
