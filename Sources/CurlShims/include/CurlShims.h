// Typed wrappers for libcurl's variadic calls, which Swift cannot import.
#ifndef VIBE_CURL_SHIMS_H
#define VIBE_CURL_SHIMS_H

#include <curl/curl.h>

CURLcode vibe_curl_easy_setopt_long(CURL *easy, CURLoption option, long value);

#endif
