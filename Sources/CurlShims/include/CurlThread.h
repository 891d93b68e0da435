// The one thread that owns libcurl's multi handle.
#ifndef VIBE_CURL_THREAD_H
#define VIBE_CURL_THREAD_H

// Starts a detached thread that runs `body` once. SIGPIPE is blocked on it and on the resolver threads that libcurl starts from
// it: CURLOPT_NOSIGNAL leaves that signal to us, and OpenSSL writes without MSG_NOSIGNAL. Returns 0 or an errno value.
int vibe_thread_start(const char *name, void (*body)(void *context), void *context);

#endif
