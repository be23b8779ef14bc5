#ifndef GALLEY_LOCAL_RESOURCES_H
#define GALLEY_LOCAL_RESOURCES_H
// The files of Sources/LocalPlatform/Python and /SQL as they were at compile time. C and not SwiftPM's
// `.embedInCode`, which flattens folders and makes array literals that take the Swift compiler minutes.

#include <stddef.h>

struct galley_resource {
    const char *path;
    const unsigned char *bytes;
    size_t length;
};

int galley_resource_count(void);
struct galley_resource galley_resource(int index);
#endif
