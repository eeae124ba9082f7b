#ifndef LOAM_CMODEL_H
#define LOAM_CMODEL_H

#include <stddef.h>

/* The octets of the model file that the executable carries, aligned to 64. */
extern const unsigned char *const loam_model_octets;
extern const size_t loam_model_size;

#endif
