#ifndef LOAM_CKERNELS_H
#define LOAM_CKERNELS_H
#include <stddef.h>
#include <stdint.h>
/* Vector kernels with run-time dispatch. Each has one portable version, the tested reference. */
int32_t loam_dot_i8_portable(const int8_t *a, const int8_t *b, size_t count);
#endif
