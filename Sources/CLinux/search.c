#include <stdint.h>
#include <string.h>

#include "CLinux.h"

typedef unsigned char block __attribute__((vector_size(16)));

static block block_of(unsigned char octet) {
  block result;
  memset(&result, octet, sizeof result);
  return result;
}

static block block_at(const unsigned char *octets) {
  block result;
  memcpy(&result, octets, sizeof result);
  return result;
}

// At which of sixteen places the first octet and the last are those of a text.
static block hits(const unsigned char *place, size_t length, block first, block last) {
  return (block)(block_at(place) == first) & (block)(block_at(place + length - 1) == last);
}

static int is_any(block found) {
  uint64_t halves[2];
  memcpy(halves, &found, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

// The first octet and the last dismiss nearly all places, thirty-two at a time. memchr stops at every
// first octet, memmem looks at every octet.
const void *loam_find(const void *octets, size_t count, const void *text, size_t length) {
  if (length == 0) return octets;
  if (count < length) return NULL;
  const unsigned char *start = octets;
  const unsigned char *wanted = text;
  const block first = block_of(wanted[0]);
  const block last = block_of(wanted[length - 1]);
  const size_t places = count - length + 1;
  size_t index = 0;
  while (index < places) {
    size_t end = places;
    if (places - index >= 2 * sizeof(block)) {
      const unsigned char *place = start + index;
      end = index + 2 * sizeof(block);
      if (!is_any(hits(place, length, first, last) |
                  hits(place + sizeof(block), length, first, last))) {
        index = end;
        continue;
      }
    }
    for (; index < end; index++) {
      if (start[index] == wanted[0] && memcmp(start + index, wanted, length) == 0) {
        return start + index;
      }
    }
  }
  return NULL;
}
