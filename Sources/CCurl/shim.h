#ifndef GALLEY_CCURL_H
#define GALLEY_CCURL_H
#include <curl/curl.h>
#endif
