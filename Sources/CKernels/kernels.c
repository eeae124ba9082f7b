#include "CKernels.h"
int32_t loam_dot_i8_portable(const int8_t *a, const int8_t *b, size_t count) {
  int32_t sum = 0;
  for (size_t i = 0; i < count; i++) sum += (int32_t)a[i] * (int32_t)b[i];
  return sum;
}
