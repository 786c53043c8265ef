// zstd: one context to compress, one to expand.
#include <zstd.h>
#include <zstd_errors.h>
