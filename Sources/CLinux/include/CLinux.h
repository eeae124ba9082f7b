#ifndef LOAM_CLINUX_H
#define LOAM_CLINUX_H
/* What Swift cannot import from Linux: variadic calls, and macros that are not plain constants. */
#include <stddef.h>

/* open(2) with its variadic mode. Returns a descriptor, or -1 with errno. */
int loam_open(const char *path, int flags, unsigned mode);

/* The width of the terminal on `descriptor` in columns, or 0 where it is none. */
int loam_terminal_columns(int descriptor);

#endif
