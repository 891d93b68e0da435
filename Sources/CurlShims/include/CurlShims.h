// Typed wrappers for libcurl's variadic calls, which Swift cannot import. Each passes exactly the type that libcurl
// documents for the options it is meant for; none owns anything.
#ifndef VIBE_CURL_SHIMS_H
#define VIBE_CURL_SHIMS_H

#include "CurlThread.h"

#include <curl/curl.h>
#include <stddef.h>

// CURLOPT_WRITEFUNCTION: returns the bytes taken, or CURL_WRITEFUNC_PAUSE.
typedef size_t (*vibe_curl_write)(char *bytes, size_t size, size_t count, void *context);

// Options that take a long (numbers, switches, bit masks).
CURLcode vibe_curl_easy_setopt_long(CURL *easy, CURLoption option, long value);
// Options that take a NUL-terminated string; libcurl copies it.
CURLcode vibe_curl_easy_setopt_string(CURL *easy, CURLoption option, const char *value);
// Options that take a pointer which libcurl keeps (CURLOPT_WRITEDATA, CURLOPT_ERRORBUFFER, CURLOPT_PRIVATE).
CURLcode vibe_curl_easy_setopt_pointer(CURL *easy, CURLoption option, void *value);
// CURLOPT_HTTPHEADER; the list stays the caller's and must outlive the transfer.
CURLcode vibe_curl_easy_setopt_list(CURL *easy, CURLoption option, struct curl_slist *list);
CURLcode vibe_curl_easy_set_write_callback(CURL *easy, vibe_curl_write callback, void *context);
CURLcode vibe_curl_easy_set_header_callback(CURL *easy, vibe_curl_write callback, void *context);
// The body of a POST of any size; libcurl copies it.
CURLcode vibe_curl_easy_set_body(CURL *easy, const void *bytes, size_t count);

// Information of the type long (CURLINFO_RESPONSE_CODE, CURLINFO_NUM_CONNECTS).
CURLcode vibe_curl_easy_getinfo_long(CURL *easy, CURLINFO info, long *value);

CURLMcode vibe_curl_multi_setopt_long(CURLM *multi, CURLMoption option, long value);

#endif
