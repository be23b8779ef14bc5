#ifndef GALLEY_CCURLLATE_H
#define GALLEY_CCURLLATE_H
#include <stdbool.h>

// Loads libcurl, once; blocks for some milliseconds the first time. False when it is not on this machine.
bool galley_curl_load(void);
#endif
