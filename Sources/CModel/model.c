#include "CModel.h"

/*
 * The file beside this one becomes part of the executable as it is: no path is baked in, and nothing
 * is read at run time but the pages that are used. #embed finds it from any clone, which .incbin
 * does not: that looks where the compiler was started.
 */
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char octets[] __attribute__((aligned(64))) = {
#embed "all-MiniLM-L6-v2.loam"
};

const unsigned char *const loam_model_octets = octets;
const size_t loam_model_size = sizeof octets;
