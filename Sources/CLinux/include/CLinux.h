#ifndef LOAM_CLINUX_H
#define LOAM_CLINUX_H
/* What Swift cannot import from Linux: variadic calls, and macros that are not plain constants. */
#include <stddef.h>

/* open(2) with its variadic mode. Returns a descriptor, or -1 with errno. */
int loam_open(const char *path, int flags, unsigned mode);

/* The width of the terminal on `descriptor` in columns, or 0 where it is none. */
int loam_terminal_columns(int descriptor);

/* A read-only mapping of a file that another process may shorten at any time.
 *
 * To touch a page behind the file's end raises SIGBUS. While a mapping of this kind exists, a handler
 * puts a page of zeros there and marks the mapping as cut; a SIGBUS anywhere else is passed on to
 * whatever was installed before. At most 16 mappings at a time. */
typedef struct loam_mapping loam_mapping;

/* Maps the first `size` octets (may be 0) of the file. NULL with errno where that fails. */
loam_mapping *loam_map(int descriptor, size_t size);
const void *loam_map_octets(const loam_mapping *mapping);
/* 1 once a page was missing, else 0. */
int loam_map_was_cut(const loam_mapping *mapping);
void loam_unmap(loam_mapping *mapping);

#endif
