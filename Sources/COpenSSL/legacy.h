// Providers: MD4 and DES live in the one named "legacy".
#include <openssl/provider.h>
