#define _GNU_SOURCE
#include <string.h>

#include "CLinux.h"

const void *loam_find(const void *octets, size_t count, const void *text, size_t length) {
  return memmem(octets, count, text, length);
}
