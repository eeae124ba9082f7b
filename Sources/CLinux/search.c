#include <string.h>

#include "CLinux.h"

// The texts are of a few octets, so that what memchr stops at in vain costs little; memmem looks at
// every octet.
const void *loam_find(const void *octets, size_t count, const void *text, size_t length) {
  if (length == 0) return octets;
  const unsigned char *place = octets;
  const unsigned char *end = place + count;
  while ((size_t)(end - place) >= length) {
    place = memchr(place, *(const unsigned char *)text, (size_t)(end - place) - length + 1);
    if (place == NULL || memcmp(place, text, length) == 0) return place;
    place++;
  }
  return NULL;
}
