// libcurl: the multi interface streams from the model. Variadic calls live in CurlShims.
#include <curl/curl.h>
